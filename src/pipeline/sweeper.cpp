#include "pipeline/sweeper.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace postrider::pipeline {
namespace {

using domain::Notification;
using domain::State;
using domain::TimePoint;

// Notifications of one kind in one sweep: intake waits no longer than these take.
constexpr int sweep_limit = 500;
constexpr int expire_limit = 1000;

/// What happens to a deferred notification whose time has come.
domain::Input input_of_waking(const Notification& n, const domain::ChainFacts& chain,
                              TimePoint now) {
  const auto verdict = domain::judge_waking(chain);
  const bool by_sms = !n.content.phone.empty();
  if (verdict == domain::ChainVerdict::superseded) return domain::NewerTold{};
  if (by_sms && now > n.not_after) return domain::SmsRuledOut{domain::Reason::too_late};
  if (verdict == domain::ChainVerdict::held_back)
    return domain::HeldBack{
        domain::look_again_at(n, std::max(chain.newer_due, chain.newer_later), now)};
  if (by_sms) return domain::Woken{};
  // It could go by e-mail only from the start.
  const auto reason = domain::parse_reason(n.reason);
  return domain::SmsRuledOut{reason.value_or(domain::Reason::phone_missing)};
}

}  // namespace

void Swept::add(const Swept& further) {
  for (const auto number : {&Swept::woken, &Swept::superseded, &Swept::rescued, &Swept::overdue,
                            &Swept::too_late, &Swept::caught_up, &Swept::expired})
    this->*number += further.*number;
  more = more || further.more;
}

Sweeper::Sweeper(Ports ports, Settler& settler, DeliveryTracker& tracker, domain::Policy policy,
                 Carried carried)
    : ports_{ports},
      settler_{settler},
      tracker_{tracker},
      policy_{policy},
      carried_{std::move(carried)},
      budget_{ports.allowance, ports.telemetry, policy.limits.monthly} {}

domain::Result<Swept> Sweeper::sweep() {
  Swept swept;
  std::optional<domain::Error> first;
  const auto now = ports_.clock.now();
  const auto take_turn = [&](std::string_view step, const domain::Result<domain::Done>& done) {
    if (done) return;
    ports_.telemetry.log(ports::Level::error, "sweep_failed",
                         {{ports::Field::code, step}, {ports::Field::reason, done.error().what}});
    if (!first) first = done.error();
  };
  take_turn("wake", wake(now, swept));
  for (const auto state : {State::sending_sms, State::sending_email})
    take_turn("end_claims", end_claims(state, now, swept));
  take_turn("rule_out_late", rule_out_late(now, swept));
  take_turn("catch_up", catch_up(swept));
  for (const auto state : {State::sms_sent, State::unknown})
    take_turn("fall_back_silent", fall_back_silent(state, now, swept));
  take_turn("expire", expire(now, swept));
  take_turn("expire_receipts", expire_receipts(now));
  take_turn("budget", budget_.look(now));
  if (first) return *std::move(first);
  return swept;
}

domain::Result<int> Sweeper::rescue_at_start() {
  const auto end_of_time = domain::from_unix_ms(std::numeric_limits<std::int64_t>::max());
  Swept total;
  for (const auto state : {State::sending_sms, State::sending_email}) {
    for (int before = -1; before < total.rescued;) {
      before = total.rescued;
      if (const auto done = end_claims(state, end_of_time, total); !done) return done.error();
    }
  }
  return total.rescued;
}

domain::Result<std::vector<Notification>> Sweeper::due(State state, TimePoint until) {
  auto found = ports_.query.due(state, until, sweep_limit);
  if (!found) return found.error();
  std::vector<Notification> notifications;
  if (found->empty()) return notifications;
  std::vector<domain::NotificationId> ids;
  for (const auto& d : *found) ids.push_back(d.id);
  auto loaded = ports_.store.load(ids);
  if (!loaded) return loaded.error();
  for (auto& n : *loaded)
    if (n && n->state == state) notifications.push_back(std::move(*n));
  return notifications;
}

/// Settles what one step found. One that can't be written comes again; the store has logged why.
domain::Result<Settled> Sweeper::settle(std::span<const Pending> batch, Swept& swept) {
  if (batch.empty()) return Settled{};
  auto settled = settler_.settle(batch);
  if (settled && !settled->changes.empty())
    swept.more = swept.more || settled->changes.size() + settled->failed.size() >= sweep_limit;
  return settled;
}

domain::Result<domain::Done> Sweeper::wake(TimePoint now, Swept& swept) {
  auto deferred = due(State::deferred, now);
  if (!deferred) return deferred.error();
  auto chains = ports_.query.chains(*deferred, now);
  if (!chains) return chains.error();
  std::vector<Pending> batch;
  for (std::size_t i = 0; i < deferred->size(); ++i) {
    auto input = input_of_waking((*deferred)[i], (*chains)[i], now);
    batch.push_back({std::move((*deferred)[i]), std::move(input)});
  }
  const auto settled = settle(batch, swept);
  if (!settled) return settled.error();
  const auto& changes = settled->changes;
  for (const auto& change : changes) {
    const bool late = change.reason == domain::code(domain::Reason::too_late);
    swept.superseded += change.to == State::superseded;
    swept.too_late += change.to == State::email_due && late;
    swept.woken += change.to == State::accepted || (change.to == State::email_due && !late);
  }
  return domain::Done{};
}

/// What happens to a claim whose worker is gone.
domain::Input Sweeper::input_of_lost(const Notification& n, TimePoint now) const {
  if (n.state == State::sending_email) return domain::MailLeaseExpired{};
  domain::Submission lost;
  lost.error = "worker_lost";
  lost.at = std::min(n.due_at.value_or(now) - policy_.sms_lease, now);
  lost.encoding = n.content.encoding;
  lost.segments = n.content.segments;
  lost.price = n.estimate;
  return domain::OutcomeUnknown{n.attempts, std::move(lost), false};
}

domain::Result<domain::Done> Sweeper::end_claims(State state, TimePoint until, Swept& swept) {
  auto sending = due(state, until);
  if (!sending) return sending.error();
  std::vector<Pending> batch;
  for (auto& n : *sending) {
    if (carried_(n.id)) continue;
    auto input = input_of_lost(n, ports_.clock.now());
    batch.push_back({std::move(n), std::move(input)});
  }
  const auto settled = settle(batch, swept);
  if (!settled) return settled.error();
  const auto& changes = settled->changes;
  if (changes.empty()) return domain::Done{};
  const auto ended = static_cast<int>(changes.size());
  swept.rescued += ended;
  ports_.telemetry.count(ports::Counter::rescued, ended);
  ports_.telemetry.log(ports::Level::warning, "claims_without_worker_ended",
                       {{ports::Field::count, ended}});
  return domain::Done{};
}

domain::Result<domain::Done> Sweeper::rule_out_late(TimePoint now, Swept& swept) {
  // The longest due notifications came first, so their time for SMS runs out first.
  auto waiting = due(State::accepted, now);
  if (!waiting) return waiting.error();
  std::vector<Pending> batch;
  for (auto& n : *waiting)
    if (now > n.not_after)
      batch.push_back({std::move(n), domain::SmsRuledOut{domain::Reason::too_late}});
  const auto settled = settle(batch, swept);
  if (!settled) return settled.error();
  const auto& changes = settled->changes;
  swept.too_late += static_cast<int>(changes.size());
  return domain::Done{};
}

domain::Result<domain::Done> Sweeper::catch_up(Swept& swept) {
  const auto caught_up = tracker_.catch_up_all(sweep_limit);
  if (!caught_up) return caught_up.error();
  swept.caught_up += *caught_up;
  swept.more = swept.more || *caught_up >= sweep_limit;
  return domain::Done{};
}

domain::Result<domain::Done> Sweeper::fall_back_silent(State state, TimePoint now, Swept& swept) {
  auto silent = due(state, now);
  if (!silent) return silent.error();
  std::vector<Pending> batch;
  for (auto& n : *silent) batch.push_back({std::move(n), domain::ReceiptOverdue{}});
  const auto settled = settle(batch, swept);
  if (!settled) return settled.error();
  const auto& changes = settled->changes;
  swept.overdue += static_cast<int>(changes.size());
  return domain::Done{};
}

domain::Result<domain::Done> Sweeper::expire(TimePoint now, Swept& swept) {
  const auto deleted = ports_.store.expire(now - policy_.retention, expire_limit);
  if (!deleted) return deleted.error();
  swept.expired += *deleted;
  swept.more = swept.more || *deleted >= expire_limit;
  return domain::Done{};
}

domain::Result<domain::Done> Sweeper::expire_receipts(TimePoint now) {
  const auto deleted = ports_.inbox.expire(now - policy_.receipt_inbox_wait);
  if (!deleted) return deleted.error();
  return domain::Done{};
}

}  // namespace postrider::pipeline
