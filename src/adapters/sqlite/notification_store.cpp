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

constexpr const char* select_last_intake = "SELECT intake FROM contents ORDER BY seq DESC LIMIT 1";

// Texts that are gone read as NULL: such a row can't be read, and is not as if it were not there.
constexpr const char* select_by_id =
    "SELECT " POSTRIDER_NOTIFICATION_COLUMNS
    " FROM notifications n LEFT JOIN contents c ON c.seq = n.seq WHERE n.id = ?";

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
  auto row = writer.query(select_by_id, id);
  if (!row.row()) return std::nullopt;
  const auto first = read_notification(row);
  if (!first) return ports::Unreadable{};
  if (domain::contradicts(n, first->explicit_key, first->fingerprint)) return ports::Conflict{};
  return ports::Duplicate{id, first->state};
}

/// nullopt: the notification or its attempt can't be read.
std::optional<ports::MatchedAttempt> read_match(const Query& current) {
  auto standing = read_standing(current);
  constexpr int at = after_standing_columns;
  RowReader row{current};
  ports::MatchedAttempt match;
  match.attempt_no = static_cast<int>(row.integer(at) % attempts_per_notification);
  match.channel = row.word<domain::Channel>(at + 1);
  match.submitted_at = row.time(at + 2);
  if (!current.is_null(at + 3)) match.reported = row.word<domain::ReceiptOutcome>(at + 3);
  row.word<domain::Encoding>(at + 4);
  row.word<domain::SmsType>(at + 5);
  if (!standing || !row.readable()) return std::nullopt;
  match.notification = *std::move(standing);
  return match;
}

}  // namespace

domain::Result<std::vector<ports::InsertOutcome>> SqliteNotificationStore::insert(
    std::span<const Notification> batch, const domain::Throttle& throttle) {
  if (batch.empty()) return std::vector<ports::InsertOutcome>{};
  auto all = insert_all(batch, throttle);
  if (all || all.error().kind != domain::ErrorKind::corrupt || batch.size() == 1) return all;
  // A repeat whose record lies in a damaged page stops none of the others.
  std::vector<ports::InsertOutcome> outcomes;
  std::size_t bad = 0;
  for (const auto& n : batch) {
    auto one = insert_all({&n, 1}, throttle);
    if (!one && one.error().kind != domain::ErrorKind::corrupt) return one;
    bad += !one;
    outcomes.push_back(one ? one->front() : ports::Unreadable{});
  }
  if (bad == batch.size()) return all;
  return outcomes;
}

domain::Result<std::vector<ports::InsertOutcome>> SqliteNotificationStore::insert_all(
    std::span<const Notification> batch, const domain::Throttle& throttle) {
  std::vector<domain::NotificationId> bad;
  auto inserted = database_.write(
      Purpose::intake,
      [&](Writer& writer) {
        TransactionTotals totals{writer};
        bad.clear();
        std::vector<ports::InsertOutcome> outcomes;
        outcomes.reserve(batch.size());
        for (const auto& n : batch) {
          outcomes.push_back(insert_one(totals, n, throttle));
          if (std::holds_alternative<ports::Unreadable>(outcomes.back())) bad.push_back(n.id);
        }
        totals.counts.write(writer);
        return outcomes;
      },
      [&](Writer& writer) {
        throttle_cache_.in(writer).clear();
        keys_.in(writer).clear();
      });
  if (inserted) set_aside_.unreadable(bad);
  return inserted;
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
      each_alone(ids, std::optional<Notification>{},
                 [&](std::span<const domain::NotificationId> some) { return load_all(some, bad); });
  set_aside_.unreadable(bad);
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
      one = read_notification(row);
      if (!one) found_bad.push_back(id);
    }
    return loaded;
  });
  if (all) bad.insert(bad.end(), found_bad.begin(), found_bad.end());
  return all;
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
      if (row.row()) match = read_match(row);
    }
    return matches;
  });
}

}  // namespace postrider::adapters::sqlite
