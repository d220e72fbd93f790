// The sender behind a queue, on AWS: what the rate and the line do not let go now goes back.
#include <algorithm>

#include "pipeline/sms_sender.hpp"

namespace postrider::pipeline {
namespace {

using domain::Milliseconds;
using domain::NotificationId;

// Up to here a message waits in the queue; what waits longer waits in the store, where the sweeper
// wakes it: a queue that is held for hours would otherwise fill with copies.
constexpr Milliseconds longest_queue_wait{60'000};
constexpr Milliseconds shortest_wait{1'000};
// What is put off together comes back over this time, not all at once.
constexpr std::uint64_t spread_ms = 10'000;

int parts_of(const ports::WorkQueue::Item& item) { return std::max(item.segments, 1); }

}  // namespace

domain::Result<Round> SmsSender::send(Items items) {
  if (auto flushed = flush(); !flushed) return flushed.error();
  if (items.empty()) return Round{};
  const auto open = width(static_cast<int>(items.size()));
  if (!open) return open.error();
  auto now = items.first(std::min(items.size(), static_cast<std::size_t>(open->messages)));
  if (auto later = put_off(items.subspan(now.size()), open->wait); !later) return later.error();
  if (now.empty()) return Round{};
  Milliseconds wait{0};
  const auto granted = within_rate(now, wait);
  if (!granted) return granted.error();
  const auto going = now.first(static_cast<std::size_t>(*granted));
  if (auto later = put_off(now.subspan(going.size()), wait); !later) return later.error();
  if (going.empty()) return Round{};
  std::vector<NotificationId> ids;
  int parts = 0;
  for (const auto& item : going) {
    ids.push_back(item.id);
    parts += parts_of(item);
  }
  auto claimed = claim(ids);
  if (claimed)
    for (const auto& n : *claimed) parts -= std::max(n.content.segments, 1);
  return_parts(parts);
  if (!claimed) return claimed.error();
  if (auto done = submit(std::move(*claimed)); !done) return done.error();
  return Round{static_cast<int>(going.size()), Milliseconds{0}};
}

/// By this process's own line and by the one that all share.
domain::Result<ProviderBreaker::Width> SmsSender::width(int batch) {
  const auto now = ports_.clock.now();
  auto own = breaker_.width(now, batch);
  if (own.messages == 0 || ports_.shared_breaker == nullptr) return own;
  const auto shared = ports_.shared_breaker->look(now, domain::CircuitBreaker::account_wait);
  if (!shared) return shared.error();
  if (shared->held) return ProviderBreaker::Width{0, shared->wait};
  if (shared->probe) {
    probing_ = true;
    own = {1, domain::CircuitBreaker::account_wait};  // the wait of those that do not probe
  }
  return own;
}

/// How many of the first may go now; `wait` is for the others. Their parts are taken.
domain::Result<int> SmsSender::within_rate(Items items, Milliseconds& wait) {
  int wanted = 0;
  for (const auto& item : items) wanted += parts_of(item);
  const auto grant =
      ports_.allowance.take_parts(parts_of(items.front()), wanted, ports_.clock.now());
  if (!grant) return grant.error();
  wait = grant->wait;
  int used = 0;
  int count = 0;
  for (const auto& item : items) {
    if (used + parts_of(item) > grant->parts) break;
    used += parts_of(item);
    ++count;
  }
  return_parts(grant->parts - used);
  return count;
}

domain::Result<domain::Done> SmsSender::put_off(Items items, Milliseconds wait) {
  if (items.empty()) return domain::Done{};
  const auto now = ports_.clock.now();
  const auto salt = static_cast<std::uint64_t>(domain::to_unix_ms(now));
  if (wait <= longest_queue_wait) {
    std::vector<ports::WorkQueue::Item> again;
    for (auto item : items) {
      item.due_at = now + std::max(wait, shortest_wait) +
                    Milliseconds{domain::spread(item.id, salt, spread_ms)};
      if (item.stays_in_queue()) again.push_back(item);
    }
    ports_.queue.offer(again);
    return domain::Done{};
  }
  std::vector<NotificationId> ids;
  for (const auto& item : items) ids.push_back(item.id);
  auto loaded = ports_.store.load(ids);
  if (!loaded) return loaded.error();
  std::vector<Pending> postponed;
  for (auto& n : *loaded)
    if (n && n->state == domain::State::accepted)
      postponed.push_back({std::move(*n), domain::SmsPostponed{now + wait, "line_held"}});
  const auto settled = settle({ports_.store, &ports_.queue, ports_.clock, ports_.telemetry},
                              policy_, std::move(postponed));
  if (!settled) return settled.error();
  return domain::Done{};
}

void SmsSender::note_success() {
  breaker_.succeed(ports_.clock.now());
  if (!probing_.exchange(false)) return;
  // If this fails the next probe releases it.
  if (!ports_.shared_breaker->release())
    ports_.telemetry.log(ports::Level::warning, "store_failed",
                         {{ports::Field::code, "release_line"}});
}

void SmsSender::hold_shared_breaker(const std::string& code) {
  if (ports_.shared_breaker == nullptr) return;
  const auto until = ports_.clock.now() + domain::CircuitBreaker::account_wait;
  if (!ports_.shared_breaker->hold(until, code))
    ports_.telemetry.log(ports::Level::error, "store_failed", {{ports::Field::code, "hold_line"}});
}

}  // namespace postrider::pipeline
