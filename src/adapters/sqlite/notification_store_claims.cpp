// Claims of SqliteNotificationStore: the intent that is durable before the first byte goes out.
#include "adapters/sqlite/chain.hpp"
#include "adapters/sqlite/database/schema.hpp"
#include "adapters/sqlite/history.hpp"
#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/rows.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::Notification;
using domain::State;

constexpr const char* select_for_sms =
    "SELECT " POSTRIDER_NOTIFICATION_COLUMNS
    ", EXISTS(SELECT 1 FROM opt_outs o WHERE o.phone = c.phone)"
    ", EXISTS(SELECT 1 FROM customers k WHERE k.id = c.customer_id"
    " AND k.shop = c.shop AND k.sms_opt_in = 0)"
    " FROM notifications n LEFT JOIN contents c ON c.seq = n.seq"
    " WHERE n.seq = ?";

constexpr const char* select_for_email =
    "SELECT " POSTRIDER_NOTIFICATION_COLUMNS
    ", EXISTS(SELECT 1 FROM blocked_addresses b WHERE b.email = lower(c.email))"
    ", EXISTS(SELECT 1 FROM customers k WHERE k.id = c.customer_id AND k.shop = c.shop"
    " AND k.email_opt_in = 0)"
    " FROM notifications n LEFT JOIN contents c ON c.seq = n.seq"
    " WHERE n.seq = ?";

constexpr const char* update_claimed =
    "UPDATE notifications SET state = ?, version = ?, attempts = ?, due_at = ?, reserved = ?,"
    " budget_day = ?, history = history || ? WHERE seq = ?";

std::optional<domain::Arrival> arrival_of(Connection& writer, const Notification& n,
                                          std::int64_t seq) {
  if (n.attempts == 0) return std::nullopt;
  std::vector<domain::Attempt> attempts;
  auto row = attempts_at(writer, seq);
  while (row.row())
    if (auto attempt = read_attempt(row, n.id)) attempts.push_back(*std::move(attempt));
  return domain::arrival_among(attempts);
}

}  // namespace

template <class ClaimOne>
domain::Result<std::vector<ports::ClaimOutcome>> SqliteNotificationStore::claim(
    std::span<const domain::NotificationId> ids, ClaimOne claim_one) {
  if (ids.empty()) return std::vector<ports::ClaimOutcome>{};
  return each_alone(
      ids, ports::ClaimOutcome{ports::ClaimFailed{}},
      [&](std::span<const domain::NotificationId> some) { return claim_all(some, claim_one); });
}

template <class ClaimOne>
domain::Result<std::vector<ports::ClaimOutcome>> SqliteNotificationStore::claim_all(
    std::span<const domain::NotificationId> ids, ClaimOne claim_one) {
  std::vector<domain::NotificationId> bad;
  auto claimed = database_.write(Purpose::settle, [&](Writer& writer) {
    TransactionTotals totals{writer};
    std::vector<ports::ClaimOutcome> outcomes;
    outcomes.reserve(ids.size());
    for (const auto& id : ids) outcomes.push_back(claim_one(totals, id));
    totals.budget.write();
    totals.velocity.write();
    totals.counts.write(writer);
    bad = std::move(totals.unreadable);
    return outcomes;
  });
  if (claimed) set_aside_.unreadable(bad);
  return claimed;
}

ports::ClaimOutcome SqliteNotificationStore::unknown_to(TransactionTotals& totals,
                                                        const domain::NotificationId& id) {
  if (!totals.writer.failed()) totals.unreadable.push_back(id);
  return ports::NotClaimable{};
}

namespace {

/// Writes the claim of the row `seq`; `n` becomes what the row is then.
template <class Totals>
void take(Totals& totals, std::int64_t seq, Notification& n, const domain::ClaimTerms& terms) {
  const State from = n.state;
  domain::take_claim(n, terms);
  write_history_line(totals.line, terms.now, from, n.state, domain::claim_cause);
  totals.counts.left(from);
  totals.counts.entered(n.state);
  totals.writer.run(update_claimed, n.state, n.version, n.attempts, n.due_at, n.reserved,
                    n.budget_day, totals.line, seq);
}

}  // namespace

domain::Result<std::vector<ports::ClaimOutcome>> SqliteNotificationStore::claim_sms(
    std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) {
  const int day = domain::day_of(terms.now);
  const auto claim_one = [&](TransactionTotals& totals,
                             const domain::NotificationId& id) -> ports::ClaimOutcome {
    const auto seq = keys_.in(totals.writer).find(totals.writer, id);
    if (!seq) return unknown_to(totals, id);
    Notification n;
    domain::SmsClaimFacts facts;
    {
      auto row = totals.writer.query(select_for_sms, *seq);
      // One whose id is known and whose row is not there lies in a damaged page.
      auto read = row.row() ? read_notification(row) : std::nullopt;
      if (!read) return unknown_to(totals, id);
      n = *std::move(read);
      facts.opted_out = row.integer(after_notification_columns) != 0;
      facts.wanted = row.integer(after_notification_columns + 1) == 0;
    }
    if (auto no = ports::not_claimable(n, State::accepted, terms.now)) return std::move(*no);
    facts.arrival = arrival_of(totals.writer, n, *seq);
    facts.chain = chain_of(totals.writer, n, *seq, terms.now);
    facts.used = totals.budget.used(day);
    auto rules = domain::velocity_rules(n, terms.velocity);
    totals.velocity.look(rules, terms.now);
    facts.velocity = rules;
    const auto verdict = domain::judge_sms_claim(n, facts, terms);
    if (auto refused = ports::refusal(verdict, n)) return std::move(*refused);
    take(totals, *seq, n, terms);
    totals.budget.apply({n.budget_day, n.reserved, domain::Money{}});
    totals.velocity.add(rules);
    return ports::Claimed{std::move(n)};
  };
  return claim(ids, claim_one);
}

domain::Result<std::vector<ports::ClaimOutcome>> SqliteNotificationStore::claim_email(
    std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) {
  const auto claim_one = [&](TransactionTotals& totals,
                             const domain::NotificationId& id) -> ports::ClaimOutcome {
    const auto seq = keys_.in(totals.writer).find(totals.writer, id);
    if (!seq) return unknown_to(totals, id);
    Notification n;
    domain::EmailClaimFacts facts;
    {
      auto row = totals.writer.query(select_for_email, *seq);
      // One whose id is known and whose row is not there lies in a damaged page.
      auto read = row.row() ? read_notification(row) : std::nullopt;
      if (!read) return unknown_to(totals, id);
      n = *std::move(read);
      facts.address_blocked = row.integer(after_notification_columns) != 0;
      facts.wanted = row.integer(after_notification_columns + 1) == 0;
    }
    if (auto no = ports::not_claimable(n, State::email_due, terms.now)) return std::move(*no);
    facts.arrival = arrival_of(totals.writer, n, *seq);
    facts.chain = chain_of(totals.writer, n, *seq, terms.now);
    const auto verdict = domain::judge_email_claim(n, facts, terms);
    if (auto refused = ports::refusal(verdict, n)) return std::move(*refused);
    take(totals, *seq, n, terms);
    return ports::Claimed{std::move(n)};
  };
  return claim(ids, claim_one);
}

}  // namespace postrider::adapters::sqlite
