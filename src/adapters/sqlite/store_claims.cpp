// Claims: the durable intent before the first byte goes out.
#include "adapters/sqlite/history.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/sqlite_notification_store.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::Notification;
using domain::State;

constexpr const char* select_for_sms =
    "SELECT " POSTRIDER_NOTIFICATION_COLUMNS
    ", EXISTS(SELECT 1 FROM opt_outs o WHERE o.phone = c.phone)"
    ", EXISTS(SELECT 1 FROM customers k WHERE k.id = c.customer_id"
    " AND k.shop = c.shop AND k.sms_opt_in = 0)"
    " FROM notifications n JOIN contents c ON c.seq = n.seq"
    " WHERE n.seq = ? AND n.state = ? AND n.due_at <= ?";

constexpr const char* select_for_email =
    "SELECT " POSTRIDER_NOTIFICATION_COLUMNS
    ", EXISTS(SELECT 1 FROM blocked_addresses b WHERE b.email = lower(c.email))"
    ", EXISTS(SELECT 1 FROM customers k WHERE k.id = c.customer_id AND k.shop = c.shop"
    " AND k.email_opt_in = 0)"
    " FROM notifications n JOIN contents c ON c.seq = n.seq"
    " WHERE n.seq = ? AND n.state = ? AND n.due_at <= ?";

constexpr const char* update_claimed =
    "UPDATE notifications SET state = ?, version = ?, attempts = ?, due_at = ?, reserved = ?,"
    " budget_day = ?, history = history || ? WHERE seq = ?";

}  // namespace

template <class ClaimOne>
domain::Result<std::vector<ports::ClaimOutcome>> SqliteNotificationStore::claim(
    std::span<const domain::NotificationId> ids, ClaimOne claim_one) {
  if (ids.empty()) return std::vector<ports::ClaimOutcome>{};
  return database_.write(Purpose::settle, [&](Connection& writer) {
    Written t{writer};
    std::vector<ports::ClaimOutcome> outcomes;
    outcomes.reserve(ids.size());
    for (const auto& id : ids) outcomes.push_back(claim_one(t, id));
    t.budget.write();
    t.velocity.write();
    t.counts.write(writer);
    return outcomes;
  });
}

namespace {

ports::RuledOut over_limit(Notification n, Budget::Reserved which) {
  return {std::move(n), which == Budget::Reserved::over_day ? "no_money_today" : "no_money"};
}

/// Writes the claim of the row `seq`; `n` becomes what the row is then.
template <class Written>
void take(Written& t, std::int64_t seq, Notification& n, State to, const ports::ClaimTerms& terms) {
  write_history_line(t.line, terms.now, n.state, to, "claimed");
  t.counts.left(n.state);
  t.counts.entered(to);
  n.state = to;
  ++n.version;
  ++n.attempts;
  n.due_at = terms.now + terms.lease;
  t.writer.run(update_claimed, n.state, n.version, n.attempts, n.due_at, n.reserved, n.budget_day,
               t.line, seq);
}

}  // namespace

domain::Result<std::vector<ports::ClaimOutcome>> SqliteNotificationStore::claim_sms(
    std::span<const domain::NotificationId> ids, const ports::ClaimTerms& terms) {
  const int day = domain::day_of(terms.now);
  return claim(ids, [&](Written& t, const domain::NotificationId& id) -> ports::ClaimOutcome {
    const auto seq = keys_.find(t.writer, id);
    if (!seq) return ports::NotClaimable{};
    Notification n;
    {
      auto row = t.writer.query(select_for_sms, *seq, State::accepted, terms.now);
      if (!row.row()) return ports::NotClaimable{};
      n = read_notification(row);
      if (row.integer(after_notification_columns) != 0)
        return ports::RuledOut{std::move(n), "opted_out"};
      if (row.integer(after_notification_columns + 1) != 0)
        return ports::RuledOut{std::move(n), "sms_not_wanted"};
      if (terms.now > n.not_after) return ports::RuledOut{std::move(n), "too_late"};
      if (const auto until = domain::quiet_until(n.content.quiet, terms.now))
        return ports::TooEarly{std::move(n), *until};
    }
    if (n.mode == domain::Mode::live) {
      // Also where nothing is reserved: a receipt may still name a price.
      const auto reserved = t.budget.reserve(day, n.estimate, terms.limits);
      if (reserved != Budget::Reserved::yes) return over_limit(std::move(n), reserved);
      if (terms.velocity.any())
        if (const char* reason = t.velocity.take(n, terms.now, terms.velocity)) {
          t.budget.settle(day, n.estimate, domain::Money{});
          return ports::RuledOut{std::move(n), reason};
        }
      n.reserved = n.estimate;
      n.budget_day = day;
    }
    take(t, *seq, n, State::sending_sms, terms);
    return ports::Claimed{std::move(n)};
  });
}

domain::Result<std::vector<ports::ClaimOutcome>> SqliteNotificationStore::claim_email(
    std::span<const domain::NotificationId> ids, const ports::ClaimTerms& terms) {
  return claim(ids, [&](Written& t, const domain::NotificationId& id) -> ports::ClaimOutcome {
    const auto seq = keys_.find(t.writer, id);
    if (!seq) return ports::NotClaimable{};
    Notification n;
    {
      auto row = t.writer.query(select_for_email, *seq, State::email_due, terms.now);
      if (!row.row()) return ports::NotClaimable{};
      n = read_notification(row);
      if (n.content.email.empty()) return ports::RuledOut{std::move(n), "no_email"};
      if (row.integer(after_notification_columns) != 0)
        return ports::RuledOut{std::move(n), "address_blocked"};
      if (row.integer(after_notification_columns + 1) != 0)
        return ports::RuledOut{std::move(n), "email_not_wanted"};
    }
    take(t, *seq, n, State::sending_email, terms);
    return ports::Claimed{std::move(n)};
  });
}

}  // namespace postrider::adapters::sqlite
