#include "adapters/sqlite/notification_query.hpp"

#include <algorithm>

#include "adapters/sqlite/chain.hpp"
#include "adapters/sqlite/database/schema.hpp"
#include "adapters/sqlite/history.hpp"
#include "adapters/sqlite/rows.hpp"
#include "domain/limits/due_share.hpp"
#include "domain/limits/item_limits.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::ErrorKind;
using domain::Notification;
using domain::Priority;
using domain::State;

constexpr const char* select_due =
    "SELECT id, segments, seq FROM notifications INDEXED BY notification_due"
    " WHERE state = ? AND priority = ? AND due_at IS NOT NULL AND due_at <= ?"
    " ORDER BY due_at LIMIT ?";

constexpr const char* select_newest_due =
    "SELECT id, segments FROM notifications INDEXED BY notification_due"
    " WHERE state = ? AND priority = ? AND due_at IS NOT NULL AND due_at <= ?"
    " ORDER BY due_at DESC";

// The index alone, which a damaged page of the table leaves readable.
constexpr const char* select_due_keys =
    "SELECT seq FROM notifications INDEXED BY notification_due"
    " WHERE state = ? AND priority = ? AND due_at IS NOT NULL AND due_at <= ? ORDER BY due_at";
constexpr const char* select_one_due = "SELECT id, segments FROM notifications WHERE seq = ?";

constexpr const char* select_next_due =
    "SELECT due_at FROM notifications INDEXED BY notification_due"
    " WHERE state = ? AND priority = ? AND due_at IS NOT NULL ORDER BY due_at LIMIT 1";

constexpr const char* select_details =
    "SELECT " POSTRIDER_NOTIFICATION_COLUMNS
    ", n.history FROM notifications n LEFT JOIN contents c ON c.seq = n.seq WHERE n.id = ?";

/// A search of what is due in one state.
struct DueSearch {
  const RowsSetAside& aside;
  State state;
  domain::TimePoint now;
  int limit;
  std::chrono::steady_clock::time_point clock = std::chrono::steady_clock::now();
  std::vector<std::int64_t> damaged = {};  // rows without a readable id
};

std::vector<ports::Due> due_of(Connection& reader, DueSearch& search, Priority priority) {
  std::vector<ports::Due> found;
  const auto left = search.aside.left.size() + search.aside.damaged.size();
  auto row = reader.query(select_due, search.state, priority, search.now,
                          static_cast<std::int64_t>(left) + search.limit);
  while (static_cast<int>(found.size()) < search.limit && row.row()) {
    if (!row.is_id(0)) search.damaged.push_back(row.integer(2));
    if (!row.is_id(0) || (left > 0 && search.aside.left.contains(row.id(0), search.clock)))
      continue;
    found.push_back({row.id(0), row.small(1), priority});
  }
  return found;
}

/// The same where a page of the table is damaged: each row by itself.
std::vector<ports::Due> due_row_by_row(Connection& reader, DueSearch& search, Priority priority) {
  std::vector<ports::Due> found;
  auto key = reader.query(select_due_keys, search.state, priority, search.now);
  while (static_cast<int>(found.size()) < search.limit && key.row()) {
    const auto seq = key.integer(0);
    if (search.aside.damaged.contains(seq, search.clock)) continue;
    auto row = reader.query(select_one_due, seq);
    const bool readable = row.row() && row.is_id(0);
    reader.pass_over_damage();
    if (!readable) search.damaged.push_back(seq);
    if (readable && !search.aside.left.contains(row.id(0), search.clock))
      found.push_back({row.id(0), row.small(1), priority});
  }
  return found;
}

std::optional<ports::Due> newest_of(Connection& reader, const DueSearch& search,
                                    Priority priority) {
  auto row = reader.query(select_newest_due, search.state, priority, search.now);
  while (row.row())
    if (row.is_id(0) && !search.aside.left.contains(row.id(0), search.clock))
      return ports::Due{row.id(0), row.small(1), priority};
  return std::nullopt;
}

template <class Find>
std::vector<ports::Due> shared(Connection& reader, DueSearch& search, Find find) {
  auto found = find(reader, search, Priority::high);
  auto normal = find(reader, search, Priority::normal);
  const auto share =
      domain::share_of_due({found.size(), normal.size()}, static_cast<std::size_t>(search.limit));
  found.resize(share.high);
  normal.resize(share.normal);
  found.insert(found.end(), normal.begin(), normal.end());
  return found;
}

}  // namespace

domain::Result<std::vector<ports::Due>> SqliteNotificationQuery::due(State state,
                                                                     domain::TimePoint now,
                                                                     int limit) {
  DueSearch search{database_.rows_set_aside(), state, now, limit};
  auto found = database_.read([&](Connection& reader) { return shared(reader, search, due_of); });
  if (!found && found.error().kind == ErrorKind::corrupt) {
    search.damaged.clear();
    found =
        database_.read([&](Connection& reader) { return shared(reader, search, due_row_by_row); });
  }
  if (found) {
    std::sort(search.damaged.begin(), search.damaged.end());
    set_aside_.damaged(search.damaged);
  }
  return found;
}

domain::Result<std::optional<ports::Due>> SqliteNotificationQuery::newest_due(
    State state, domain::TimePoint now) {
  const DueSearch search{database_.rows_set_aside(), state, now, 1};
  auto found = database_.read([&](Connection& reader) {
    auto normal = newest_of(reader, search, Priority::normal);
    return normal ? normal : newest_of(reader, search, Priority::high);
  });
  if (found || found.error().kind != ErrorKind::corrupt) return found;
  // Behind a damaged page any that can be read will do.
  auto any = due(state, now, 1);
  if (!any) return any.error();
  return any->empty() ? std::optional<ports::Due>{} : std::optional{any->front()};
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
    auto current = attempts_at(reader, row.integer(0));
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
  const auto facts_of = [now](Connection& reader, const Notification& n) {
    auto self = reader.query("SELECT seq FROM notifications WHERE id = ?", n.id);
    return self.row() ? chain_of(reader, n, self.integer(0), now) : domain::ChainFacts{};
  };
  auto all = database_.read([&](Connection& reader) {
    std::vector<domain::ChainFacts> facts;
    facts.reserve(batch.size());
    for (const auto& n : batch) facts.push_back(facts_of(reader, n));
    return facts;
  });
  if (all || all.error().kind != ErrorKind::corrupt) return all;
  // An order in a damaged page counts as one of a single notification: its claim finds the damage.
  std::vector<domain::ChainFacts> facts;
  for (const auto& n : batch) {
    auto one = database_.read([&](Connection& reader) { return facts_of(reader, n); });
    if (!one && one.error().kind != ErrorKind::corrupt) return one.error();
    facts.push_back(one ? std::move(*one) : domain::ChainFacts{});
  }
  return facts;
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
