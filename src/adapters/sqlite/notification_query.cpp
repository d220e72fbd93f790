#include "adapters/sqlite/notification_query.hpp"

#include "adapters/sqlite/chain.hpp"
#include "adapters/sqlite/database/schema.hpp"
#include "adapters/sqlite/history.hpp"
#include "adapters/sqlite/rows.hpp"
#include "domain/limits/due_share.hpp"
#include "domain/limits/item_limits.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::Notification;
using domain::Priority;
using domain::State;

constexpr const char* select_due =
    "SELECT id, segments FROM notifications INDEXED BY notification_due"
    " WHERE state = ? AND priority = ? AND due_at IS NOT NULL AND due_at <= ?"
    " ORDER BY due_at LIMIT ?";

constexpr const char* select_newest_due =
    "SELECT id, segments FROM notifications INDEXED BY notification_due"
    " WHERE state = ? AND priority = ? AND due_at IS NOT NULL AND due_at <= ?"
    " ORDER BY due_at DESC LIMIT 1";

constexpr const char* select_next_due =
    "SELECT due_at FROM notifications INDEXED BY notification_due"
    " WHERE state = ? AND priority = ? AND due_at IS NOT NULL ORDER BY due_at LIMIT 1";

constexpr const char* select_details =
    "SELECT " POSTRIDER_NOTIFICATION_COLUMNS
    ", n.history FROM notifications n LEFT JOIN contents c ON c.seq = n.seq WHERE n.id = ?";

constexpr const char* select_attempts =
    "SELECT " POSTRIDER_ATTEMPT_COLUMNS " FROM attempts WHERE key BETWEEN ? AND ? ORDER BY key";

std::vector<ports::Due> due_of(Connection& reader, State state, Priority priority,
                               domain::TimePoint now, int limit) {
  std::vector<ports::Due> found;
  auto row = reader.query(select_due, state, priority, now, limit);
  while (row.row()) found.push_back({row.id(0), row.small(1), priority});
  return found;
}

}  // namespace

domain::Result<std::vector<ports::Due>> SqliteNotificationQuery::due(State state,
                                                                     domain::TimePoint now,
                                                                     int limit) {
  return database_.read([&](Connection& reader) {
    auto found = due_of(reader, state, Priority::high, now, limit);
    auto normal = due_of(reader, state, Priority::normal, now, limit);
    const auto share =
        domain::share_of_due({found.size(), normal.size()}, static_cast<std::size_t>(limit));
    found.resize(share.high);
    normal.resize(share.normal);
    found.insert(found.end(), normal.begin(), normal.end());
    return found;
  });
}

domain::Result<std::optional<ports::Due>> SqliteNotificationQuery::newest_due(
    State state, domain::TimePoint now) {
  return database_.read([&](Connection& reader) {
    std::optional<ports::Due> found;
    for (const auto priority : {Priority::normal, Priority::high}) {
      auto row = reader.query(select_newest_due, state, priority, now);
      if (!found && row.row()) found = ports::Due{row.id(0), row.small(1), priority};
    }
    return found;
  });
}

domain::Result<std::optional<domain::TimePoint>> SqliteNotificationQuery::next_due() {
  return database_.read([&](Connection& reader) {
    std::optional<domain::TimePoint> next;
    for (const auto state : domain::moving_states)
      for (const auto priority : {Priority::high, Priority::normal}) {
        auto row = reader.query(select_next_due, state, priority);
        if (row.row() && (!next || row.time(0) < *next)) next = row.time(0);
      }
    return next;
  });
}

domain::Result<std::optional<domain::NotificationDetails>> SqliteNotificationQuery::details(
    const domain::NotificationId& id) {
  bool readable = true;
  auto found = database_.read([&](Connection& reader) {
    std::optional<domain::NotificationDetails> details;
    auto row = reader.query(select_details, id);
    if (!row.row()) return details;
    auto n = read_notification(row);
    auto history = parse_history(row.text(after_notification_columns));
    readable = n && history;
    if (!readable) return details;
    domain::shorten(*history);
    details = {*std::move(n), *std::move(history), {}};
    const auto first = row.integer(0) * attempts_per_notification;
    auto current = reader.query(select_attempts, first, first + attempts_per_notification - 1);
    while (readable && current.row()) {
      auto attempt = read_attempt(current, id);
      readable = attempt.has_value();
      if (readable) details->attempts.push_back(*std::move(attempt));
    }
    return details;
  });
  if (found && !readable)
    return domain::Error{domain::ErrorKind::corrupt,
                         "the record of " + domain::to_string(id) + " is unreadable"};
  return found;
}

domain::Result<std::vector<domain::ChainFacts>> SqliteNotificationQuery::chains(
    std::span<const Notification> batch, domain::TimePoint now) {
  return database_.read([&](Connection& reader) {
    std::vector<domain::ChainFacts> facts;
    facts.reserve(batch.size());
    for (const auto& n : batch) {
      auto self = reader.query("SELECT seq FROM notifications WHERE id = ?", n.id);
      facts.push_back(self.row() ? chain_of(reader, n, self.integer(0), now)
                                 : domain::ChainFacts{});
    }
    return facts;
  });
}

domain::Result<std::map<State, std::int64_t>> SqliteNotificationQuery::counts() {
  return database_.read([&](Connection& reader) {
    std::map<State, std::int64_t> counts;
    auto row = reader.query("SELECT state, n FROM counts WHERE n <> 0");
    while (row.row())
      if (const auto state = row.word<State>(0)) counts[*state] = row.integer(1);
    return counts;
  });
}

}  // namespace postrider::adapters::sqlite
