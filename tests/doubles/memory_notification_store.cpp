#include "doubles/memory_notification_store.hpp"

#include <algorithm>
#include <utility>

#include "domain/intake/schedule.hpp"
#include "doubles/memory_cost_book.hpp"

namespace postrider::doubles {
namespace {

using domain::Notification;
using domain::State;
using domain::TimePoint;
using Row = MemoryWorld::Row;

std::string lower_case(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

domain::Money used_in(const ports::BudgetStatus& budget) { return budget.spent + budget.reserved; }

void write_attempt(Row& row, const domain::AttemptUpdate& update, bool again) {
  auto& attempt = row.attempts[update.no];
  attempt.notification = row.notification.id;
  attempt.no = update.no;
  if (update.submission) attempt.submission = *update.submission;
  if (update.receipt) attempt.receipt = update.receipt;
  if (update.late && !again) ++attempt.late_receipts;
}

std::optional<domain::Arrival> arrival_in(const MemoryWorld::Row& row) {
  std::vector<domain::Attempt> attempts;
  for (const auto& [no, attempt] : row.attempts) attempts.push_back(attempt);
  return domain::arrival_among(attempts);
}

}  // namespace

domain::Result<std::vector<ports::InsertOutcome>> MemoryNotificationStore::insert(
    std::span<const Notification> batch, const domain::Throttle& throttle) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  std::vector<ports::InsertOutcome> outcomes;
  for (const auto& n : batch) outcomes.push_back(insert_one(n, throttle));
  return outcomes;
}

ports::InsertOutcome MemoryNotificationStore::insert_one(Notification n,
                                                         const domain::Throttle& throttle) {
  std::vector ids{n.id};
  for (const auto& other : n.other_spellings) ids.push_back(other.id);
  for (const auto& id : ids) {
    const auto found = world_.rows.find(id);
    if (found == world_.rows.end()) continue;
    const auto& first = found->second.notification;
    if (world_.unreadable.contains(id)) return ports::Unreadable{};
    if (domain::contradicts(n, first.explicit_key, first.fingerprint)) return ports::Conflict{};
    return ports::Duplicate{id, first.state};
  }
  const auto times =
      throttle.limit > 0 ? released_times(n, throttle.window) : std::vector<TimePoint>{};
  const auto schedule = domain::schedule_of(n, domain::throttle_room(times, n, throttle));
  Row row;
  row.seq = ++world_.last_seq;
  row.released_at = schedule.released_at;
  row.history.push_back({n.created_at, std::nullopt, schedule.state, std::string{schedule.cause}});
  n.state = schedule.state;
  n.due_at = schedule.due_at;
  row.notification = std::move(n);
  world_.ids_of_order.emplace(row.notification.order_id, row.notification.id);
  world_.rows.emplace(row.notification.id, std::move(row));
  return ports::Inserted{schedule.state};
}

std::vector<TimePoint> MemoryNotificationStore::released_times(const Notification& n,
                                                               domain::Milliseconds window) const {
  const auto person = domain::person_of(n);
  std::vector<TimePoint> times;
  for (const auto& [id, row] : world_.rows)
    if (row.notification.shop == n.shop && row.notification.mode == n.mode && row.released_at &&
        *row.released_at > n.created_at - window && domain::person_of(row.notification) == person)
      times.push_back(*row.released_at);
  std::sort(times.begin(), times.end());
  return times;
}

domain::Result<std::vector<ports::ClaimOutcome>> MemoryNotificationStore::claim_sms(
    std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  std::vector<ports::ClaimOutcome> outcomes;
  for (const auto& id : ids) outcomes.push_back(claim_one_sms(id, terms));
  return outcomes;
}

domain::Result<std::vector<ports::ClaimOutcome>> MemoryNotificationStore::claim_email(
    std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  std::vector<ports::ClaimOutcome> outcomes;
  for (const auto& id : ids) outcomes.push_back(claim_one_email(id, terms));
  return outcomes;
}

/// False only where the customer has refused.
bool MemoryNotificationStore::wants(const Notification& n,
                                    std::optional<bool> domain::Customer::*consent) const {
  const auto customer = world_.customers.find({n.shop, n.customer_id});
  return customer == world_.customers.end() || (customer->second.*consent).value_or(true);
}

std::vector<domain::VelocityRule> MemoryNotificationStore::counted_rules(
    const Notification& n, const domain::ClaimTerms& terms) const {
  auto rules = domain::velocity_rules(n, terms.velocity);
  for (const auto& sent : world_.sms_claims) {
    if (sent.at <= terms.now - std::chrono::hours{1}) continue;
    for (auto& rule : rules) rule.sent += sent.scope == rule.scope && sent.subject == rule.subject;
  }
  return rules;
}

ports::ClaimOutcome MemoryNotificationStore::claim_one_sms(const domain::NotificationId& id,
                                                           const domain::ClaimTerms& terms) {
  const auto row = world_.rows.find(id);
  if (!world_.has_readable(id)) return ports::NotClaimable{};
  if (world_.unwritable.contains(id)) return ports::ClaimFailed{};
  auto& n = row->second.notification;
  if (auto no = ports::not_claimable(n, State::accepted, terms.now)) return *no;
  const int day = domain::day_of(terms.now);
  const auto rules = counted_rules(n, terms);
  const domain::SmsClaimFacts facts{
      .arrival = arrival_in(row->second),
      .chain = world_.chain_of(n, terms.now),
      .opted_out = world_.opt_outs.contains(n.content.phone),
      .wanted = wants(n, &domain::Customer::sms_opt_in),
      .used = domain::MoneyUsed{used_in(world_.budget_of_month(domain::month_of(day))),
                                used_in(world_.budgets[day])},
      .velocity = rules};
  if (auto refused = ports::refusal(domain::judge_sms_claim(n, facts, terms), n)) return *refused;
  for (const auto& rule : rules) world_.sms_claims.push_back({terms.now, rule.scope, rule.subject});
  take(row->second, terms);
  if (n.budget_day != 0) world_.budgets[n.budget_day].reserved += n.reserved;
  return ports::Claimed{n};
}

ports::ClaimOutcome MemoryNotificationStore::claim_one_email(const domain::NotificationId& id,
                                                             const domain::ClaimTerms& terms) {
  const auto row = world_.rows.find(id);
  if (!world_.has_readable(id)) return ports::NotClaimable{};
  if (world_.unwritable.contains(id)) return ports::ClaimFailed{};
  const auto& n = row->second.notification;
  if (auto no = ports::not_claimable(n, State::email_due, terms.now)) return *no;
  const domain::EmailClaimFacts facts{
      .arrival = arrival_in(row->second),
      .chain = world_.chain_of(n, terms.now),
      .address_blocked = world_.blocked.contains(lower_case(n.content.email)),
      .wanted = wants(n, &domain::Customer::email_opt_in)};
  if (auto refused = ports::refusal(domain::judge_email_claim(n, facts, terms), n)) return *refused;
  take(row->second, terms);
  return ports::Claimed{n};
}

void MemoryNotificationStore::take(Row& row, const domain::ClaimTerms& terms) {
  const auto from = row.notification.state;
  domain::take_claim(row.notification, terms);
  row.history.push_back(
      {terms.now, from, row.notification.state, std::string{domain::claim_cause}});
}

domain::Result<std::vector<ports::RecordOutcome>> MemoryNotificationStore::record(
    std::span<const domain::Change> changes) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  std::vector<ports::RecordOutcome> outcomes;
  for (const auto& change : changes) outcomes.push_back(record_one(change));
  return outcomes;
}

ports::RecordOutcome MemoryNotificationStore::record_one(const domain::Change& change) {
  const auto found = world_.rows.find(change.id);
  if (found == world_.rows.end()) return ports::RecordOutcome::stale;
  if (world_.unwritable.contains(change.id)) return ports::RecordOutcome::failed;
  auto& row = found->second;
  const bool current =
      row.notification.state == change.from && row.notification.version == change.version;
  const bool again = !current && change.changes_notification();
  if (change.attempt && (current || change.attempt->owned))
    write_attempt(row, *change.attempt, again);
  if (!current) return ports::RecordOutcome::stale;
  if (change.changes_notification()) ++row.notification.version;
  apply(domain::budget_effect(change));
  const auto purse = domain::purse_after(change);
  row.notification.reserved = purse.reserved;
  row.notification.spent = purse.spent;
  row.notification.budget_day = purse.budget_day;
  if (change.to) move(row, change);
  if (change.puts_off) row.notification.due_at = change.due_at;
  return ports::RecordOutcome::applied;
}

void MemoryNotificationStore::move(Row& row, const domain::Change& change) {
  auto& n = row.notification;
  // The throttle's slot of a deferred notification is used when it wakes, else given up.
  if (change.from == State::deferred) row.released_at = domain::released_after(change);
  n.state = *change.to;
  n.due_at = change.due_at;
  n.reason = change.reason;
  n.attempts = change.attempts;
  n.sms_tries = change.sms_tries;
  n.email_tries = change.email_tries;
  n.mail_waited = change.mail_waited;
  n.sms_submitted = change.sms_submitted;
  n.mail_submitted = change.mail_submitted;
  n.proof = change.proof;
  row.history.push_back({change.at, change.from, *change.to, change.cause});
}

void MemoryNotificationStore::apply(const domain::BudgetEffect& effect) {
  if (effect.none()) return;
  auto& budget = world_.budgets[effect.day];
  budget.reserved += effect.reserved;
  budget.spent += effect.spent;
}

domain::Result<std::vector<std::optional<Notification>>> MemoryNotificationStore::load(
    std::span<const domain::NotificationId> ids) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::vector<std::optional<Notification>> loaded;
  for (const auto& id : ids) {
    const auto found = world_.rows.find(id);
    loaded.push_back(world_.has_readable(id) ? std::optional{found->second.notification}
                                             : std::nullopt);
  }
  return loaded;
}

domain::Result<std::vector<std::optional<ports::MatchedAttempt>>> MemoryNotificationStore::match(
    std::span<const MessageKey> keys) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::vector<std::optional<ports::MatchedAttempt>> matches;
  for (const auto& key : keys) {
    auto& match = matches.emplace_back();
    for (const auto& [id, row] : world_.rows)
      for (const auto& [no, attempt] : row.attempts)
        if (world_.is_readable(id) && !key.message_id.empty() &&
            attempt.submission.carrier == key.carrier &&
            attempt.submission.message_id == key.message_id)
          match = {row.notification, no, attempt.submission.channel,
                   attempt.receipt ? std::optional{attempt.receipt->outcome} : std::nullopt,
                   attempt.submission.at};
  }
  return matches;
}

domain::Result<int> MemoryNotificationStore::expire(TimePoint horizon, int limit) {
  const concurrency::Lock lock{world_.mutex};
  if (auto failed = world_.failure_of("expire")) return *failed;
  if (world_.write_failure) return *world_.write_failure;
  int gone = 0;
  for (auto it = world_.rows.begin(); it != world_.rows.end() && gone < limit;) {
    const auto& n = it->second.notification;
    if (!domain::may_expire(n.state) || n.created_at >= horizon) {
      ++it;
      continue;
    }
    if (n.budget_day != 0) {
      apply(domain::budget_effect_of_expiry(n.budget_day, n.reserved));
      auto line = cost_line(it->second);
      line.spent += std::exchange(line.reserved, {});
      world_.archive.push_back(std::move(line));
    }
    std::erase_if(world_.ids_of_order, [&it](const auto& of) { return of.second == it->first; });
    it = world_.rows.erase(it);
    ++gone;
  }
  return gone;
}

}  // namespace postrider::doubles
