#include "pipeline/settler.hpp"

namespace postrider::pipeline {
namespace {

using domain::Change;
using domain::State;
using ports::Counter;

// A worker loses a race only to a worker that advanced the notification, and the life cycle is
// short.
constexpr int max_rounds = 8;

/// True for an input that holds for the notification as it was loaded and no longer: an input about
/// one claim that does not name the claim (the claim that a reload shows may be another worker's,
/// which this input must not end), or a wait that another worker has ended.
bool ends_with_its_version(const domain::Input& input) {
  const auto* unknown = std::get_if<domain::OutcomeUnknown>(&input);
  return std::holds_alternative<domain::ProviderUnavailable>(input) ||
         std::holds_alternative<domain::HeldBack>(input) ||
         std::holds_alternative<domain::MailLeaseExpired>(input) ||
         (unknown != nullptr && !unknown->owned);
}

}  // namespace

domain::Result<Settled> Settler::settle(std::span<const Pending> batch) {
  Applied applied;
  std::vector<domain::NotificationId> failed;
  std::vector<Pending> again;  // what `batch` shows from the second round on
  for (int round = 0; round < max_rounds && !batch.empty(); ++round) {
    const auto now = ports_.clock.now();
    std::vector<Change> changes;
    std::vector<std::size_t> owners;
    changes.reserve(batch.size());
    owners.reserve(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      auto change = domain::decide(batch[i].notification, batch[i].input, policy_, now);
      if (!change) continue;
      changes.push_back(std::move(*change));
      owners.push_back(i);
    }
    if (changes.empty()) break;
    auto outcomes = ports_.store.record(changes);
    // What was written in a round before has to be announced.
    if (!outcomes && round == 0) return outcomes.error();
    if (!outcomes) {
      for (const auto& change : changes) failed.push_back(change.id);
      break;
    }
    std::vector<Pending> stale;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if ((*outcomes)[i] == ports::RecordOutcome::failed) {
        failed.push_back(changes[i].id);
        continue;
      }
      if (!changes[i].changes_notification()) continue;  // only an attempt row
      const auto& pending = batch[owners[i]];
      if ((*outcomes)[i] == ports::RecordOutcome::applied) {
        if (changes[i].to || changes[i].puts_off)
          applied.add(std::move(changes[i]), pending.notification.content.segments);
      } else if (!ends_with_its_version(pending.input)) {
        stale.push_back(pending);
      }
    }
    if (stale.empty()) break;
    auto reloaded = reload(stale);
    if (!reloaded) {
      for (const auto& p : stale) failed.push_back(p.notification.id);
      break;
    }
    again = std::move(*reloaded);
    batch = again;
  }
  announce(applied);
  return Settled{std::move(applied.changes), std::move(failed)};
}

std::vector<domain::Notification> Settler::take_claims(
    std::span<const domain::NotificationId> ids, std::vector<ports::ClaimOutcome> outcomes,
    domain::Input (*ruled_out)(domain::Reason), std::vector<domain::NotificationId>& failed) {
  std::vector<domain::Notification> claimed;
  std::vector<Pending> stopped;
  const auto stop = [&stopped](auto& outcome, domain::Input input) {
    stopped.push_back({std::move(outcome.notification), std::move(input)});
  };
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    auto& outcome = outcomes[i];
    if (std::holds_alternative<ports::ClaimFailed>(outcome)) failed.push_back(ids[i]);
    if (auto* mine = std::get_if<ports::Claimed>(&outcome))
      claimed.push_back(std::move(mine->notification));
    if (auto* out = std::get_if<ports::RuledOut>(&outcome)) stop(*out, ruled_out(out->reason));
    if (auto* early = std::get_if<ports::TooEarly>(&outcome))
      stop(*early, domain::SmsPostponed{early->until});
    if (auto* late = std::get_if<ports::Superseded>(&outcome)) stop(*late, domain::NewerTold{});
    if (auto* arrived = std::get_if<ports::Arrived>(&outcome))
      stop(*arrived,
           domain::ReceiptCame{arrived->arrival.attempt_no, std::move(arrived->arrival.receipt)});
    if (auto* waits = std::get_if<ports::HeldBack>(&outcome))
      stop(*waits, domain::HeldBack{waits->until});
    if (auto* soon = std::get_if<ports::NotDue>(&outcome))
      stop(*soon, domain::HeldBack{soon->notification.due_at.value_or(ports_.clock.now())});
  }
  if (const auto settled = settle(stopped); settled) {
    failed.insert(failed.end(), settled->failed.begin(), settled->failed.end());
  } else {
    ports_.telemetry.log(ports::Level::warning, "store_failed", {{ports::Field::code, "rule_out"}});
  }
  return claimed;
}

std::optional<Change> Settler::preview(const Pending& pending) const {
  return domain::decide(pending.notification, pending.input, policy_, ports_.clock.now());
}

void Settler::Applied::add(Change change, int parts) {
  changes.push_back(std::move(change));
  segments.push_back(parts);
}

/// Loads stale notifications anew; those that are no longer kept drop out.
domain::Result<std::vector<Pending>> Settler::reload(std::vector<Pending> stale) {
  std::vector<domain::NotificationId> ids;
  ids.reserve(stale.size());
  for (const Pending& p : stale) ids.push_back(p.notification.id);
  auto loaded = ports_.store.load(ids);
  if (!loaded) return loaded.error();
  std::vector<Pending> again;
  for (std::size_t i = 0; i < stale.size(); ++i) {
    if (!(*loaded)[i]) continue;
    stale[i].notification = std::move(*(*loaded)[i]);
    again.push_back(std::move(stale[i]));
  }
  return again;
}

void Settler::announce(const Applied& applied) {
  std::vector<ports::WorkQueue::Item> items;
  std::int64_t fallbacks = 0, dead = 0, superseded = 0, spend = 0, retried = 0;
  for (std::size_t i = 0; i < applied.changes.size(); ++i) {
    const auto& change = applied.changes[i];
    const State to = change.to.value_or(change.from);
    if (to == State::accepted || to == State::email_due)
      items.push_back(
          {.id = change.id,
           .channel = to == State::accepted ? domain::Channel::sms : domain::Channel::email,
           .priority = change.priority,
           .due_at = change.due_at.value_or(change.at),
           .segments = applied.segments[i]});
    // A notification that an operator sends again was counted when it fell back.
    if (!change.to) continue;
    const bool by_operator = change.from == State::dead || change.from == State::bounced;
    if (to == State::email_due && !by_operator)
      ++(change.from == State::sending_email ? retried : fallbacks);
    if (to == State::superseded) ++superseded;
    // A receipt's later correction shows in the gauge; a counter only goes up.
    if (change.money == domain::MoneyEffect::spend && change.charged == domain::Money{})
      spend += change.spent.micros;
    if (to == State::dead || to == State::bounced) {
      ++dead;
      ports_.telemetry.log(
          ports::Level::warning, "dead_letter",
          {{ports::Field::notification_id, change.id}, {ports::Field::cause, change.cause}});
    }
  }
  if (fallbacks > 0) ports_.telemetry.count(Counter::fallbacks, fallbacks);
  if (retried > 0) ports_.telemetry.count(Counter::emails_retried, retried);
  if (superseded > 0) ports_.telemetry.count(Counter::superseded, superseded);
  if (dead > 0) ports_.telemetry.count(Counter::dead_letters, dead);
  if (spend > 0) ports_.telemetry.count(Counter::spend_micros, spend);
  if (!items.empty()) ports_.queue.offer(items);
}

}  // namespace postrider::pipeline
