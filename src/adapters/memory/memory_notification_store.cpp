#include "adapters/memory/memory_notification_store.hpp"

#include <algorithm>
#include <utility>

#include "adapters/memory/memory_cost_book.hpp"
#include "domain/turn.hpp"

namespace postrider::adapters::memory {
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

void write_attempt(Row& row, const domain::AttemptUpdate& update, bool again) {
  auto& attempt = row.attempts[update.no];
  attempt.notification = row.notification.id;
  attempt.no = update.no;
  if (update.submission) attempt.submission = *update.submission;
  if (update.receipt) attempt.receipt = update.receipt;
  if (update.late && !again) ++attempt.late_receipts;
}

}  // namespace

domain::Result<std::vector<ports::InsertOutcome>> MemoryNotificationStore::insert(
    std::span<const Notification> batch, const ports::Throttle& throttle) {
  const std::lock_guard lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  std::vector<ports::InsertOutcome> outcomes;
  for (const auto& n : batch) outcomes.push_back(insert_one(n, throttle));
  return outcomes;
}

ports::InsertOutcome MemoryNotificationStore::insert_one(Notification n,
                                                         const ports::Throttle& throttle) {
  if (const auto found = world_.rows.find(n.id); found != world_.rows.end()) {
    const auto& first = found->second.notification;
    if (n.explicit_key && first.explicit_key && n.fingerprint != first.fingerprint)
      return ports::Conflict{};
    return ports::Duplicate{first.state};
  }
  std::optional<TimePoint> room;
  const auto times = released_times(n, throttle.window);
  const auto limit = static_cast<std::size_t>(throttle.limit);
  if (n.priority == domain::Priority::normal && limit > 0 && times.size() >= limit)
    room = times[times.size() - limit] + throttle.window;
  const auto turn = domain::turn_of(n, room);
  Row row;
  row.seq = ++world_.last_seq;
  row.released_at = turn.released_at;
  row.history.push_back({n.created_at, std::nullopt, turn.state, std::string{turn.cause}});
  n.state = turn.state;
  n.due_at = turn.due_at;
  row.notification = std::move(n);
  world_.rows.emplace(row.notification.id, std::move(row));
  return ports::Inserted{turn.state};
}

std::vector<TimePoint> MemoryNotificationStore::released_times(const Notification& n,
                                                               domain::Milliseconds window) const {
  std::vector<TimePoint> times;
  for (const auto& [id, row] : world_.rows)
    if (row.notification.shop == n.shop && row.notification.mode == n.mode &&
        row.notification.customer_id == n.customer_id && row.released_at &&
        *row.released_at > n.created_at - window)
      times.push_back(*row.released_at);
  std::sort(times.begin(), times.end());
  return times;
}

domain::Result<std::vector<ports::ClaimOutcome>> MemoryNotificationStore::claim_sms(
    std::span<const domain::NotificationId> ids, const ports::ClaimTerms& terms) {
  const std::lock_guard lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  std::vector<ports::ClaimOutcome> outcomes;
  for (const auto& id : ids) outcomes.push_back(claim_one(id, terms, State::accepted));
  return outcomes;
}

domain::Result<std::vector<ports::ClaimOutcome>> MemoryNotificationStore::claim_email(
    std::span<const domain::NotificationId> ids, const ports::ClaimTerms& terms) {
  const std::lock_guard lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  std::vector<ports::ClaimOutcome> outcomes;
  for (const auto& id : ids) outcomes.push_back(claim_one(id, terms, State::email_due));
  return outcomes;
}

std::string MemoryNotificationStore::too_many(const Notification& n,
                                              const ports::ClaimTerms& terms) const {
  int number = 0, prefix = 0, country = 0;
  for (const auto& claim : world_.sms_claims) {
    if (claim.at <= terms.now - std::chrono::hours{1}) continue;
    number += claim.phone == n.content.phone;
    prefix += ports::velocity_prefix(claim.phone) == ports::velocity_prefix(n.content.phone);
    country += claim.country == n.content.country;
  }
  const auto over = [](int count, int limit) { return limit > 0 && count >= limit; };
  if (over(number, terms.velocity.per_number)) return "too_many_to_number";
  if (over(prefix, terms.velocity.per_prefix)) return "too_many_to_prefix";
  if (over(country, terms.velocity.per_country)) return "too_many_to_country";
  return {};
}

ports::ClaimOutcome MemoryNotificationStore::claim_one(const domain::NotificationId& id,
                                                       const ports::ClaimTerms& terms, State from) {
  const auto found = world_.rows.find(id);
  if (found == world_.rows.end()) return ports::NotClaimable{};
  auto& row = found->second;
  auto& n = row.notification;
  if (n.state != from || !n.due_at || *n.due_at > terms.now) return ports::NotClaimable{};
  const auto customer = world_.customers.find({n.shop, n.customer_id});
  const auto refuses = [&](std::optional<bool> domain::Customer::*consent) {
    return customer != world_.customers.end() && !(customer->second.*consent).value_or(true);
  };
  if (from == State::accepted) {
    if (world_.opt_outs.contains(n.content.phone)) return ports::RuledOut{n, "opted_out"};
    if (refuses(&domain::Customer::sms_opt_in)) return ports::RuledOut{n, "sms_not_wanted"};
    if (terms.now > n.not_after) return ports::RuledOut{n, "too_late"};
    if (const auto until = domain::quiet_until(n.content.quiet, terms.now))
      return ports::TooEarly{n, *until};
    if (n.mode == domain::Mode::live) {
      const int day = domain::day_of(terms.now);
      const auto month = world_.budget_of_month(domain::month_of(day));
      auto& budget = world_.budgets[day];
      if (month.spent + month.reserved + n.estimate > terms.limits.monthly)
        return ports::RuledOut{n, "no_money"};
      if (terms.limits.daily && budget.spent + budget.reserved + n.estimate > *terms.limits.daily)
        return ports::RuledOut{n, "no_money_today"};
      if (const auto reason = too_many(n, terms); !reason.empty())
        return ports::RuledOut{n, reason};
      world_.sms_claims.push_back({terms.now, n.content.phone, n.content.country});
      budget.reserved += n.estimate;
      n.reserved = n.estimate;
      n.budget_day = day;
    }
  } else {
    if (n.content.email.empty()) return ports::RuledOut{n, "no_email"};
    if (world_.blocked.contains(lower_case(n.content.email)))
      return ports::RuledOut{n, "address_blocked"};
    if (refuses(&domain::Customer::email_opt_in)) return ports::RuledOut{n, "email_not_wanted"};
  }
  n.state = from == State::accepted ? State::sending_sms : State::sending_email;
  ++n.version;
  ++n.attempts;
  n.due_at = terms.now + terms.lease;
  row.history.push_back({terms.now, from, n.state, "claimed"});
  return ports::Claimed{n};
}

domain::Result<std::vector<ports::RecordOutcome>> MemoryNotificationStore::record(
    std::span<const domain::Change> changes) {
  const std::lock_guard lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  std::vector<ports::RecordOutcome> outcomes;
  for (const auto& change : changes) outcomes.push_back(record_one(change));
  return outcomes;
}

ports::RecordOutcome MemoryNotificationStore::record_one(const domain::Change& change) {
  const auto found = world_.rows.find(change.id);
  if (found == world_.rows.end()) return ports::RecordOutcome::stale;
  auto& row = found->second;
  const bool current =
      row.notification.state == change.from && row.notification.version == change.version;
  const bool again = !current && change.changes_notification();
  if (change.attempt && (current || change.attempt->owned))
    write_attempt(row, *change.attempt, again);
  if (!current) return ports::RecordOutcome::stale;
  if (change.changes_notification()) ++row.notification.version;
  settle_money(row.notification, change);
  if (change.to) move(row, change);
  return ports::RecordOutcome::applied;
}

void MemoryNotificationStore::move(Row& row, const domain::Change& change) {
  auto& n = row.notification;
  // A slot of the throttle that was meant for a deferred one is used when it wakes, else given up.
  if (change.from == State::deferred)
    row.released_at = change.to == State::accepted ? std::optional{change.at} : std::nullopt;
  n.state = *change.to;
  n.due_at = change.due_at;
  n.reason = change.reason;
  n.attempts = change.attempts;
  n.sms_tries = change.sms_tries;
  n.email_tries = change.email_tries;
  n.sms_submitted = change.sms_submitted;
  n.proof = change.proof;
  row.history.push_back({change.at, change.from, *change.to, change.cause});
}

void MemoryNotificationStore::settle_money(Notification& n, const domain::Change& change) {
  if (change.money == domain::MoneyEffect::keep || n.budget_day == 0) return;
  auto& budget = world_.budgets[n.budget_day];
  budget.reserved = budget.reserved - n.reserved;
  budget.spent = budget.spent - n.spent;
  n.reserved = n.spent = {};
  if (change.money == domain::MoneyEffect::release) {
    n.budget_day = 0;
  } else {
    budget.spent += change.spent;
    n.spent = change.spent;
  }
}

domain::Result<std::vector<std::optional<Notification>>> MemoryNotificationStore::load(
    std::span<const domain::NotificationId> ids) {
  const std::lock_guard lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::vector<std::optional<Notification>> loaded;
  for (const auto& id : ids) {
    const auto found = world_.rows.find(id);
    loaded.push_back(found == world_.rows.end() ? std::nullopt
                                                : std::optional{found->second.notification});
  }
  return loaded;
}

domain::Result<std::vector<std::optional<ports::MatchedAttempt>>> MemoryNotificationStore::match(
    std::span<const MessageKey> keys) {
  const std::lock_guard lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::vector<std::optional<ports::MatchedAttempt>> matches;
  for (const auto& key : keys) {
    auto& match = matches.emplace_back();
    for (const auto& [id, row] : world_.rows)
      for (const auto& [no, attempt] : row.attempts)
        if (!key.message_id.empty() && attempt.submission.carrier == key.carrier &&
            attempt.submission.message_id == key.message_id)
          match = {row.notification, no, attempt.submission.channel,
                   attempt.receipt ? std::optional{attempt.receipt->outcome} : std::nullopt};
  }
  return matches;
}

domain::Result<int> MemoryNotificationStore::expire(TimePoint horizon, int most) {
  const std::lock_guard lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  int gone = 0;
  for (auto it = world_.rows.begin(); it != world_.rows.end() && gone < most;) {
    const auto& n = it->second.notification;
    if (!domain::may_expire(n.state) || n.created_at >= horizon) {
      ++it;
      continue;
    }
    // Money whose fate was never told is taken as spent, so that the budget still adds up.
    if (n.budget_day != 0) {
      auto& budget = world_.budgets[n.budget_day];
      budget.reserved = budget.reserved - n.reserved;
      budget.spent += n.reserved;
      auto line = cost_line(it->second);
      line.spent += std::exchange(line.reserved, {});
      world_.archive.push_back(std::move(line));
    }
    it = world_.rows.erase(it);
    ++gone;
  }
  return gone;
}

}  // namespace postrider::adapters::memory
