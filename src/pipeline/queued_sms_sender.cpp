#include "pipeline/queued_sms_sender.hpp"

#include <algorithm>

#include "pipeline/rate_grant.hpp"

namespace postrider::pipeline {
namespace {

using domain::Milliseconds;
using domain::NotificationId;
using Item = ports::WorkQueue::Item;

// The longest wait in the queue. A message with a longer one waits in the store, where the sweeper
// wakes it: a queue behind a provider that is held for hours would otherwise fill with copies.
constexpr Milliseconds longest_queue_wait{60'000};
constexpr Milliseconds shortest_wait{1'000};
// Normal messages that are put off together come back spread over this time.
constexpr std::uint64_t spread_ms = 10'000;

bool is_normal(const Item& item) { return item.priority == domain::Priority::normal; }

std::vector<NotificationId> ids_of(std::span<const Item> items) {
  std::vector<NotificationId> ids;
  for (const auto& item : items) ids.push_back(item.id);
  return ids;
}

/// As RateRequest wants them.
std::vector<Item> in_order_of_sending(std::span<const Item> items) {
  std::vector<Item> ordered{items.begin(), items.end()};
  std::stable_sort(ordered.begin(), ordered.end(), [](const Item& a, const Item& b) {
    return std::pair{is_normal(a), !a.refused_by_rate} <
           std::pair{is_normal(b), !b.refused_by_rate};
  });
  return ordered;
}

RateRequest request_of(std::span<const Item> items) {
  RateRequest request;
  for (const auto& item : items) {
    request.segments.push_back(item.segments);
    request.urgent += !is_normal(item);
    request.again += !is_normal(item) && item.refused_by_rate;
  }
  return request;
}

std::vector<Item> refused(std::span<const Item> items) {
  std::vector<Item> again{items.begin(), items.end()};
  for (auto& item : again) item.refused_by_rate = true;
  return again;
}

/// The time at which an item that was put off comes again. Normal ones are spread, so that they do
/// not all come at once; an urgent one comes as soon as its queue can bring it, whole seconds
/// later.
domain::TimePoint comes_again(const Item& item, domain::TimePoint now, Milliseconds wait) {
  if (!is_normal(item))
    return now +
           std::max<Milliseconds>(std::chrono::floor<std::chrono::seconds>(wait), shortest_wait);
  const auto salt = static_cast<std::uint64_t>(domain::to_unix_ms(now));
  return now + std::max(wait, shortest_wait) +
         Milliseconds{domain::spread(item.id, salt, spread_ms)};
}

}  // namespace

domain::Result<Round> QueuedSmsSender::send(Items received) {
  if (auto flushed = submitter_.flush(); !flushed) return flushed.error();
  if (received.empty()) return Round{};
  const auto ordered = in_order_of_sending(received);
  const Items items = ordered;
  const auto width = submitter_.width(static_cast<int>(items.size()));
  if (!width) return width.error();
  Round round;
  auto claimed = claim(items, *width, round);
  if (!claimed || claimed->empty()) submitter_.none_claimed();
  if (!claimed) return claimed.error();
  if (auto done = submitter_.submit(std::move(*claimed)); !done) return done.error();
  return round;
}

domain::Result<std::vector<domain::Notification>> QueuedSmsSender::claim(
    Items items, const ProviderBreaker::Width& width, Round& round) {
  std::vector<domain::Notification> none;
  const auto now = items.first(std::min(items.size(), static_cast<std::size_t>(width.messages)));
  if (auto later = put_off(items.subspan(now.size()), width.wait, round); !later)
    return later.error();
  auto grant =
      RateGrant::take(ports_.allowance, ports_.telemetry, request_of(now), ports_.clock.now());
  if (!grant) return grant.error();
  const auto going = now.first(grant->messages());
  if (auto later = put_off(refused(now.subspan(going.size())), grant->wait(), round); !later)
    return later.error();
  if (going.empty()) return none;
  auto claimed = submitter_.claim(ids_of(going), round.failed);
  grant->settle(claimed ? *claimed : none);
  round.handled = static_cast<int>(going.size());
  return claimed;
}

domain::Result<domain::Done> QueuedSmsSender::put_off(Items items, Milliseconds wait,
                                                      Round& round) {
  if (items.empty()) return domain::Done{};
  if (wait > longest_queue_wait) return defer(items, wait, round);
  offer_again(items, wait);
  return domain::Done{};
}

void QueuedSmsSender::offer_again(Items items, Milliseconds wait) {
  const auto now = ports_.clock.now();
  std::vector<Item> again;
  for (auto item : items) {
    item.due_at = comes_again(item, now, wait);
    if (item.stays_in_queue()) again.push_back(item);
  }
  ports_.queue.offer(again);
}

domain::Result<domain::Done> QueuedSmsSender::defer(Items items, Milliseconds wait, Round& round) {
  const auto now = ports_.clock.now();
  auto loaded = ports_.store.load(ids_of(items));
  if (!loaded) return loaded.error();
  std::vector<Pending> postponed;
  for (auto& n : *loaded)
    if (n && n->state == domain::State::accepted)
      postponed.push_back({std::move(*n), domain::SmsPostponed{now + wait, "line_held"}});
  const auto settled = settler_.settle(postponed);
  if (!settled) return settled.error();
  round.failed.insert(round.failed.end(), settled->failed.begin(), settled->failed.end());
  return domain::Done{};
}

}  // namespace postrider::pipeline
