// Insert, load, match. Claims, records and expiry have files of their own.
#include "adapters/sqlite/notification_store.hpp"

#include "adapters/sqlite/database/person_number.hpp"
#include "adapters/sqlite/database/schema.hpp"
#include "adapters/sqlite/history.hpp"
#include "adapters/sqlite/rows.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::Notification;

constexpr const char* insert_notification =
    "INSERT INTO notifications(id, created_at, state, priority, segments, due_at, reason,"
    " released_at, history, version, attempts, sms_tries, email_tries, sms_submitted, reserved,"
    " budget_day, proof, person)"
    " VALUES(?,?,?,?,?,?,?,?,?, 0, 0, 0, 0, 0, 0, 0, 0, ?) ON CONFLICT(id) DO NOTHING";

constexpr const char* insert_content =
    "INSERT INTO contents(seq, shop, mode, order_id, customer_id, status, explicit_key,"
    " fingerprint, occurred_at, created_at, not_after, estimate, phone, email, locale, encoding,"
    " sms_text, email_subject, email_text, country, template, plain_segments,"
    " quiet, sms_type, parcel, intake)"
    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

constexpr const char* select_first =
    "SELECT n.state, c.explicit_key, c.fingerprint FROM notifications n"
    " JOIN contents c ON c.seq = n.seq WHERE n.id = ?";

constexpr const char* select_last_intake = "SELECT intake FROM contents ORDER BY seq DESC LIMIT 1";

constexpr const char* select_by_id =
    "SELECT " POSTRIDER_NOTIFICATION_COLUMNS
    " FROM notifications n JOIN contents c ON c.seq = n.seq WHERE n.id = ?";

// Only what is due: a lease or a deadline must not move each time that a write fails.
constexpr const char* update_put_off =
    "UPDATE notifications SET due_at = 1000 * strftime('%s', 'now') + 3600000"
    " WHERE id = ? AND due_at <= 1000 * (strftime('%s', 'now') + 1)";

constexpr const char* select_by_message =
    "SELECT " POSTRIDER_STANDING_COLUMNS
    ", a.key, a.channel, a.at, a.receipt_outcome, c.encoding, c.sms_type FROM attempts a"
    " JOIN notifications n ON n.seq = a.key / 4096 JOIN contents c ON c.seq = n.seq"
    " WHERE a.message_hash = message_hash(?1) AND a.message_id = ?1 AND a.carrier = ?2 ORDER BY "
    "a.key DESC LIMIT 1";
static_assert(attempts_per_notification == 4096, "written out in the statements");

/// The outcome for a repeat of the notification that is stored under `id`; nullopt: there is none.
std::optional<ports::InsertOutcome> repeat_of(Connection& writer, const Notification& n,
                                              const domain::NotificationId& id) {
  auto first = writer.query(select_first, id);
  if (!first.row()) return std::nullopt;
  if (domain::contradicts(n, first.integer(1) != 0, first.id(2))) return ports::Conflict{};
  return ports::Duplicate{id, first.as<domain::State>(0)};
}

}  // namespace

domain::Result<std::vector<ports::InsertOutcome>> SqliteNotificationStore::insert(
    std::span<const Notification> batch, const domain::Throttle& throttle) {
  if (batch.empty()) return std::vector<ports::InsertOutcome>{};
  return database_.write(
      Purpose::intake,
      [&](Writer& writer) {
        TransactionTotals totals{writer};
        std::vector<ports::InsertOutcome> outcomes;
        outcomes.reserve(batch.size());
        for (const auto& n : batch) outcomes.push_back(insert_one(totals, n, throttle));
        totals.counts.write(writer);
        return outcomes;
      },
      [&](Writer& writer) {
        throttle_cache_.in(writer).clear();
        keys_.in(writer).clear();
      });
}

ports::InsertOutcome SqliteNotificationStore::insert_one(TransactionTotals& totals,
                                                         const Notification& n,
                                                         const domain::Throttle& throttle) {
  for (const auto& other : n.other_spellings)
    if (const auto repeat = repeat_of(totals.writer, n, other.id)) return *repeat;
  auto& throttle_cache = throttle_cache_.in(totals.writer);
  const auto person = person_number(n);
  const auto plan = throttle_cache.plan(totals.writer, n, person, throttle);
  write_history_line(totals.line, n.created_at, std::nullopt, plan.state, plan.cause);
  totals.writer.run(insert_notification, n.id, n.created_at, plan.state, n.priority,
                    n.content.segments, plan.due_at, n.reason, plan.released_at, totals.line,
                    person);
  if (totals.writer.changed_rows() == 0)  // no first one: only after a failure, which undoes all
    return repeat_of(totals.writer, n, n.id).value_or(ports::Conflict{});
  const auto seq = totals.writer.last_key();
  keys_.in(totals.writer).remember(n.id, seq);
  const auto& text = n.content;
  const auto quiet = domain::to_text(text.quiet);
  totals.writer.run(insert_content, seq, n.shop, n.mode, n.order_id, n.customer_id, n.status,
                    n.explicit_key, n.fingerprint, n.occurred_at, n.created_at, n.not_after,
                    n.estimate, text.phone, text.email, text.locale, text.encoding, text.sms_text,
                    text.email_subject, text.email_text, text.country, text.template_version,
                    text.plain_segments, quiet, text.sms_type, n.parcel,
                    intake_after_last(totals.writer, n));
  throttle_cache.moved(person, {}, plan.released_at);
  totals.counts.entered(plan.state);
  return ports::Inserted{plan.state};
}

/// The time of intake of `n`, later than that of every row: a clock that was set back while the
/// service was down must not put an order's next status before its last one.
std::int64_t SqliteNotificationStore::intake_after_last(Writer& writer, const Notification& n) {
  auto& last = last_intake_.in(writer).last;
  if (!last) {
    auto row = writer.query(select_last_intake);
    last = row.row() ? row.integer(0) : 0;
  }
  last = std::max(n.intake, *last + 1);
  return *last;
}

domain::Result<std::vector<std::optional<Notification>>> SqliteNotificationStore::load(
    std::span<const domain::NotificationId> ids) {
  std::vector<domain::NotificationId> bad;
  auto found =
      each_alone(ids, std::optional<Notification>{}, "unreadable",
                 [&](std::span<const domain::NotificationId> some) { return load_all(some, bad); });
  set_aside(bad, "unreadable");
  return found;
}

domain::Result<std::vector<std::optional<Notification>>> SqliteNotificationStore::load_all(
    std::span<const domain::NotificationId> ids, std::vector<domain::NotificationId>& bad) {
  std::vector<domain::NotificationId> found_bad;
  auto all = database_.read([&](Connection& reader) {
    std::vector<std::optional<Notification>> loaded;
    loaded.reserve(ids.size());
    for (const auto& id : ids) {
      auto row = reader.query(select_by_id, id);
      auto& one = loaded.emplace_back();
      if (!row.row()) continue;
      if (is_readable(row)) {
        one = read_notification(row);
      } else {
        found_bad.push_back(id);
      }
    }
    return loaded;
  });
  if (all) bad.insert(bad.end(), found_bad.begin(), found_bad.end());
  return all;
}

/// Names and counts rows that can't be read or written, and puts those that are due an hour off, so
/// that a list of due work never consists of bad ones alone. If that fails, they are named again at
/// once.
void SqliteNotificationStore::set_aside(std::span<const domain::NotificationId> ids,
                                        std::string_view code) {
  if (ids.empty()) return;
  if (telemetry_ != nullptr) {
    telemetry_->count(ports::Counter::items_set_aside, static_cast<std::int64_t>(ids.size()));
    for (const auto& id : ids)
      telemetry_->log(ports::Level::error, "item_set_aside",
                      {{ports::Field::notification_id, id},
                       {ports::Field::code, code},
                       {ports::Field::reason,
                        "stop the service, run \"postrider verify\", and mend the row or restore a "
                        "backup; it is looked at again in an hour"}});
  }
  for (const auto& id : ids)
    (void)database_.write(Purpose::settle, [&](Writer& writer) {
      writer.run(update_put_off, id);
      return domain::Done{};
    });
}

domain::Result<std::vector<std::optional<ports::MatchedAttempt>>> SqliteNotificationStore::match(
    std::span<const MessageKey> keys) {
  return database_.read([&](Connection& reader) {
    std::vector<std::optional<ports::MatchedAttempt>> matches;
    matches.reserve(keys.size());
    for (const auto& key : keys) {
      auto& match = matches.emplace_back();
      if (key.message_id.empty()) continue;
      auto row = reader.query(select_by_message, key.message_id, key.carrier);
      const WordColumns words{.encoding = after_standing_columns + 4,
                              .sms_type = after_standing_columns + 5};
      if (!row.row() || !is_readable(row, words)) continue;
      const auto no = row.integer(after_standing_columns) % attempts_per_notification;
      match = ports::MatchedAttempt{read_standing(row),
                                    static_cast<int>(no),
                                    row.as<domain::Channel>(after_standing_columns + 1),
                                    {},
                                    row.time(after_standing_columns + 2)};
      if (!row.is_null(after_standing_columns + 3))
        match->reported = row.as<domain::ReceiptOutcome>(after_standing_columns + 3);
    }
    return matches;
  });
}

}  // namespace postrider::adapters::sqlite
