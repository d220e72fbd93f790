#include "pipeline/sweeper.hpp"

#include <algorithm>
#include <limits>

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

Sweeper::Sweeper(Ports ports, Settler& settler, DeliveryTracker& tracker, domain::Policy policy)
    : ports_{ports},
      settler_{settler},
      tracker_{tracker},
      policy_{policy},
      budget_{ports.allowance, ports.telemetry, policy.limits.monthly} {}

domain::Result<Swept> Sweeper::sweep() {
  Swept swept;
  const auto now = ports_.clock.now();
  if (auto woken = wake(now, swept); !woken) return woken.error();
  const auto add = [&](int& total, domain::Result<int> result) -> bool {
    if (!result) return false;
    total += *result;
    swept.more = swept.more || *result >= sweep_limit;
    return true;
  };
  auto rescued = end_claims(now);
  if (!add(swept.rescued, rescued)) return rescued.error();
  auto late = rule_out_late(now);
  if (!add(swept.too_late, late)) return late.error();
  auto caught_up = tracker_.catch_up_all(sweep_limit);
  if (!add(swept.caught_up, caught_up)) return caught_up.error();
  auto silent = fall_back_silent(now);
  if (!add(swept.overdue, silent)) return silent.error();
  if (auto done = expire(now, swept); !done) return done.error();
  if (auto done = budget_.look(now); !done) return done.error();
  return swept;
}

domain::Result<int> Sweeper::rescue_at_start() {
  const auto end_of_time = domain::from_unix_ms(std::numeric_limits<std::int64_t>::max());
  int total = 0;
  while (true) {
    auto rescued = end_claims(end_of_time);
    if (!rescued) return rescued;
    total += *rescued;
    if (*rescued < sweep_limit) return total;
  }
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

domain::Result<int> Sweeper::wake(TimePoint now, Swept& swept) {
  auto deferred = due(State::deferred, now);
  if (!deferred || deferred->empty()) return deferred ? domain::Result<int>{0} : deferred.error();
  auto chains = ports_.query.chains(*deferred, now);
  if (!chains) return chains.error();
  std::vector<Pending> batch;
  for (std::size_t i = 0; i < deferred->size(); ++i) {
    auto input = input_of_waking((*deferred)[i], (*chains)[i], now);
    batch.push_back({std::move((*deferred)[i]), std::move(input)});
  }
  auto changes = settler_.settle(batch);
  if (!changes) return changes.error();
  for (const auto& change : *changes) {
    swept.woken += change.to == State::accepted;
    swept.superseded += change.to == State::superseded;
    swept.too_late += change.to == State::email_due;
  }
  swept.more = swept.more || changes->size() >= sweep_limit;
  return static_cast<int>(changes->size());
}

domain::Result<int> Sweeper::end_claims(TimePoint until) {
  int ended = 0;
  const auto now = ports_.clock.now();
  auto sending = due(State::sending_sms, until);
  if (!sending) return sending.error();
  std::vector<Pending> batch;
  for (auto& n : *sending) {
    domain::Submission lost;
    lost.error = "worker_lost";
    lost.at = std::min(n.due_at.value_or(now) - policy_.sms_lease, now);
    lost.encoding = n.content.encoding;
    lost.segments = n.content.segments;
    lost.price = n.estimate;
    const int no = n.attempts;
    batch.push_back({std::move(n), domain::OutcomeUnknown{no, std::move(lost), false}});
  }
  auto mailing = due(State::sending_email, until);
  if (!mailing) return mailing.error();
  for (auto& n : *mailing) batch.push_back({std::move(n), domain::MailLeaseExpired{}});
  if (batch.empty()) return 0;
  auto changes = settler_.settle(batch);
  if (!changes) return changes.error();
  ended = static_cast<int>(changes->size());
  if (ended > 0) {
    ports_.telemetry.count(ports::Counter::rescued, ended);
    ports_.telemetry.log(ports::Level::warning, "claims_without_worker_ended",
                         {{ports::Field::count, ended}});
  }
  return ended;
}

domain::Result<int> Sweeper::rule_out_late(TimePoint now) {
  // The longest due notifications came first, so their time for SMS runs out first.
  auto waiting = due(State::accepted, now);
  if (!waiting) return waiting.error();
  std::vector<Pending> batch;
  for (auto& n : *waiting)
    if (now > n.not_after)
      batch.push_back({std::move(n), domain::SmsRuledOut{domain::Reason::too_late}});
  if (batch.empty()) return 0;
  auto changes = settler_.settle(batch);
  if (!changes) return changes.error();
  return static_cast<int>(changes->size());
}

domain::Result<int> Sweeper::fall_back_silent(TimePoint now) {
  std::vector<Pending> batch;
  for (const auto state : {State::sms_sent, State::unknown}) {
    auto silent = due(state, now);
    if (!silent) return silent.error();
    for (auto& n : *silent) batch.push_back({std::move(n), domain::ReceiptOverdue{}});
  }
  if (batch.empty()) return 0;
  auto changes = settler_.settle(batch);
  if (!changes) return changes.error();
  return static_cast<int>(changes->size());
}

domain::Result<domain::Done> Sweeper::expire(TimePoint now, Swept& swept) {
  auto deleted = ports_.store.expire(now - policy_.retention, expire_limit);
  if (!deleted) return deleted.error();
  swept.expired += *deleted;
  swept.more = swept.more || *deleted >= expire_limit;
  auto deleted_receipts = ports_.inbox.expire(now - policy_.receipt_inbox_wait);
  if (!deleted_receipts) return deleted_receipts.error();
  return domain::Done{};
}

}  // namespace postrider::pipeline
