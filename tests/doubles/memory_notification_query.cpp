#include "doubles/memory_notification_query.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "domain/limits/due_share.hpp"
#include "domain/limits/item_limits.hpp"

namespace postrider::doubles {
namespace {

using domain::Notification;
using domain::Priority;
using domain::State;
using domain::TimePoint;
using Row = MemoryWorld::Row;

bool passes(const ports::Filter& f, const Notification& n) {
  return (!f.order_id || *f.order_id == n.order_id) &&
         (!f.customer_id || *f.customer_id == n.customer_id) && (!f.state || *f.state == n.state) &&
         (!f.from || n.created_at >= *f.from) && (!f.to || n.created_at < *f.to);
}

struct Place {  // where a page ends: in order of created_at, then intake
  std::int64_t created_at = std::numeric_limits<std::int64_t>::max();
  std::int64_t seq = std::numeric_limits<std::int64_t>::max();
  friend auto operator<=>(const Place&, const Place&) = default;
};

std::optional<Place> parse_place(const std::string& cursor) {
  Place place;
  if (cursor.empty()) return place;
  const char* end = cursor.data() + cursor.size();
  const auto [dot, e1] = std::from_chars(cursor.data(), end, place.created_at);
  if (e1 != std::errc{} || dot == end || *dot != '.') return std::nullopt;
  const auto [last, e2] = std::from_chars(dot + 1, end, place.seq);
  if (e2 != std::errc{} || last != end) return std::nullopt;
  return place;
}

Place place_of(const Row& row) {
  return {domain::to_unix_ms(row.notification.created_at), row.seq};
}

}  // namespace

domain::Result<std::vector<ports::Due>> MemoryNotificationQuery::due(State state, TimePoint now,
                                                                     int limit) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  if (auto failed = world_.failure_of("due " + std::string{domain::name(state)})) return *failed;
  std::vector<const Row*> high, normal;
  for (const auto& [id, row] : world_.rows) {
    const auto& n = row.notification;
    if (!world_.is_readable(id)) continue;
    if (n.state != state || !n.due_at || *n.due_at > now) continue;
    (n.priority == Priority::high ? high : normal).push_back(&row);
  }
  const auto longest_due_first = [](const Row* a, const Row* b) {
    return std::pair{a->notification.due_at, a->seq} < std::pair{b->notification.due_at, b->seq};
  };
  std::sort(high.begin(), high.end(), longest_due_first);
  std::sort(normal.begin(), normal.end(), longest_due_first);
  const auto share =
      domain::share_of_due({high.size(), normal.size()}, static_cast<std::size_t>(limit));
  high.resize(share.high);
  normal.resize(share.normal);
  std::vector<ports::Due> found;
  high.insert(high.end(), normal.begin(), normal.end());
  for (const auto* row : high)
    found.push_back(
        {row->notification.id, row->notification.content.segments, row->notification.priority});
  return found;
}

domain::Result<std::optional<ports::Due>> MemoryNotificationQuery::newest_due(State state,
                                                                              TimePoint now) {
  const auto all = due(state, now, std::numeric_limits<int>::max());
  if (!all) return all.error();
  if (all->empty()) return std::optional<ports::Due>{};
  return std::optional{all->back()};  // normal ones come last, the newest at the end
}

domain::Result<std::optional<TimePoint>> MemoryNotificationQuery::next_due() {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::optional<TimePoint> next;
  for (const auto& [id, row] : world_.rows)
    if (const auto& due_at = row.notification.due_at; due_at && (!next || *due_at < *next))
      next = due_at;
  return next;
}

domain::Result<ports::Page> MemoryNotificationQuery::list(const ports::Filter& filter, int limit,
                                                          const std::string& cursor) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  const auto before = parse_place(cursor);
  if (!before) return domain::Error{domain::ErrorKind::invalid, "no such cursor"};
  std::vector<const Row*> found;
  for (const auto& [id, row] : world_.rows)
    if (world_.is_readable(id) && place_of(row) < *before && passes(filter, row.notification))
      found.push_back(&row);
  std::sort(found.begin(), found.end(),
            [](const Row* a, const Row* b) { return place_of(*a) > place_of(*b); });
  ports::Page page;
  const auto max_items = static_cast<std::size_t>(limit);
  for (std::size_t i = 0; i < std::min(found.size(), max_items); ++i)
    page.notifications.push_back(found[i]->notification);
  if (found.size() > max_items) {
    const auto last = place_of(*found[max_items - 1]);
    page.next_cursor = std::to_string(last.created_at) + "." + std::to_string(last.seq);
  }
  return page;
}

domain::Result<std::optional<domain::NotificationDetails>> MemoryNotificationQuery::details(
    const domain::NotificationId& id) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  const auto found = world_.rows.find(id);
  if (found == world_.rows.end()) return std::optional<domain::NotificationDetails>{};
  if (!world_.is_readable(id)) return domain::Error{domain::ErrorKind::corrupt, "unreadable"};
  domain::NotificationDetails details{found->second.notification, found->second.history, {}};
  domain::shorten(details.history);
  for (const auto& [no, attempt] : found->second.attempts) details.attempts.push_back(attempt);
  return std::optional{std::move(details)};
}

domain::Result<std::vector<domain::ChainFacts>> MemoryNotificationQuery::chains(
    std::span<const Notification> batch, domain::TimePoint now) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::vector<domain::ChainFacts> facts;
  for (const auto& n : batch) facts.push_back(world_.chain_of(n, now));
  return facts;
}

domain::Result<std::map<State, std::int64_t>> MemoryNotificationQuery::counts() {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::map<State, std::int64_t> counts;
  for (const auto& [id, row] : world_.rows) ++counts[row.notification.state];
  return counts;
}

}  // namespace postrider::doubles
