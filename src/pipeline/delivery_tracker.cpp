#include "pipeline/delivery_tracker.hpp"

#include <algorithm>
#include <unordered_set>

#include "domain/delivery/receipt_limits.hpp"

namespace postrider::pipeline {
namespace {

using domain::Receipt;
using domain::ReceiptOutcome;
using ports::Counter;
using MessageKey = ports::NotificationStore::MessageKey;

std::vector<MessageKey> keys_of(std::span<const Receipt> receipts) {
  std::vector<MessageKey> keys;
  keys.reserve(receipts.size());
  for (const auto& r : receipts) keys.push_back({r.carrier, r.message_id});
  return keys;
}

const Receipt& receipt_in(const domain::Input& input) {
  if (const auto* came = std::get_if<domain::ReceiptCame>(&input)) return came->receipt;
  if (const auto* bounced = std::get_if<domain::MailBounced>(&input)) return bounced->receipt;
  return std::get<domain::ReceiptNoted>(input).receipt;
}

/// The reason to block the address of an e-mail: a bounce that shows that it does not exist, or the
/// recipient's complaint.
std::optional<std::string> reason_to_block(const Receipt& receipt) {
  if (receipt.outcome == ReceiptOutcome::failed_permanent) return "bounce";
  if (receipt.outcome == ReceiptOutcome::opted_out) return "complaint";
  return std::nullopt;
}

}  // namespace

DeliveryTracker::DeliveryTracker(Ports ports, Settler& settler,
                                 std::function<void(std::string)> on_account_problem)
    : ports_{ports}, settler_{settler}, on_account_problem_{std::move(on_account_problem)} {}

domain::Result<Tracked> DeliveryTracker::apply(std::span<const Receipt> receipts) {
  report_unknown_words(receipts);
  std::vector<Receipt> unmatched;
  auto tracked = apply_matched(receipts, unmatched);
  if (!tracked || unmatched.empty()) return tracked;
  // The receipts are kept first, then looked up again: a send that is recorded in between is seen
  // by one side or the other, because the sender records first and then looks into the inbox.
  const auto now = ports_.clock.now();
  if (auto kept = ports_.inbox.keep(unmatched, now); !kept) return kept.error();
  std::vector<Receipt> foreign;
  auto late = apply_matched(unmatched, foreign);
  if (!late) return late.error();
  if (foreign.size() < unmatched.size()) {
    std::vector<Receipt> done;
    for (const auto& r : unmatched)
      if (std::find(foreign.begin(), foreign.end(), r) == foreign.end()) done.push_back(r);
    if (auto dropped = ports_.inbox.drop(done); !dropped) return dropped.error();
  }
  ports_.telemetry.count(Counter::receipts_unmatched, static_cast<std::int64_t>(foreign.size()));
  return Tracked{tracked->applied + late->applied, tracked->noted + late->noted,
                 static_cast<int>(foreign.size())};
}

domain::Result<Tracked> DeliveryTracker::apply_matched(std::span<const Receipt> receipts,
                                                       std::vector<Receipt>& unmatched) {
  Tracked tracked;
  std::vector<Receipt> remaining{receipts.begin(), receipts.end()};
  // A delivery can't be undone by a failure that is reported beside it.
  std::stable_partition(remaining.begin(), remaining.end(),
                        [](const Receipt& r) { return r.outcome == ReceiptOutcome::delivered; });
  while (!remaining.empty()) {  // each round ends at least one receipt
    auto matches = ports_.store.match(keys_of(remaining));
    if (!matches) return matches.error();
    if (auto found = match_references(remaining, *matches); !found) return found.error();
    std::vector<Pending> batch;
    batch.reserve(remaining.size());
    std::vector<Receipt> next;
    Effects effects;
    std::unordered_set<domain::NotificationId> taken;
    for (std::size_t i = 0; i < remaining.size(); ++i) {
      auto& match = (*matches)[i];
      if (!match) {
        unmatched.push_back(std::move(remaining[i]));
      } else if (!taken.insert(match->notification.id).second) {
        next.push_back(std::move(remaining[i]));  // one receipt of a notification a round
      } else {
        batch.push_back(weigh(std::move(*match), std::move(remaining[i]), effects));
      }
    }
    const auto size = static_cast<int>(batch.size());
    if (auto stored = store_effects(effects); !stored) return stored.error();
    auto settled = settler_.settle(batch);
    if (!settled) return settled.error();
    // The inbox keeps what could not be written until the sweeper applies it.
    int failed = 0;
    for (const auto& pending : batch) {
      if (!settled->has_failed(pending.notification.id)) continue;
      unmatched.push_back(receipt_in(pending.input));
      ++failed;
    }
    const auto applied = static_cast<int>(settled->changes.size());
    tracked.applied += applied;
    tracked.noted += size - failed - applied;
    remaining = std::move(next);
  }
  return tracked;
}

/// Matches by the reference that a carrier returns: settles even an attempt whose message id was
/// lost.
domain::Result<domain::Done> DeliveryTracker::match_references(
    std::span<const Receipt> receipts, std::vector<std::optional<ports::MatchedAttempt>>& matches) {
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    if (matches[i] || !receipts[i].reference) continue;
    auto found = referenced(receipts[i]);
    if (!found) return found.error();
    matches[i] = std::move(*found);
  }
  return domain::Done{};
}

/// The attempt that a receipt's reference names, with what is known of it; nullopt: there is none,
/// it is another carrier's, or it can't be read.
domain::Result<std::optional<ports::MatchedAttempt>> DeliveryTracker::referenced(
    const Receipt& receipt) {
  const auto& reference = *receipt.reference;
  auto details = ports_.query.details(reference.notification);
  if (!details && details.error().kind == domain::ErrorKind::corrupt)
    return std::optional<ports::MatchedAttempt>{};
  if (!details) return details.error();
  if (!*details || reference.attempt_no > (*details)->notification.attempts)
    return std::optional<ports::MatchedAttempt>{};
  ports::MatchedAttempt match{
      std::move((*details)->notification), reference.attempt_no, domain::Channel::sms, {}, {}};
  for (const auto& attempt : (*details)->attempts) {
    if (attempt.no != reference.attempt_no) continue;
    const auto& carrier = attempt.submission.carrier;
    const bool is_theirs = carrier.empty() || carrier == receipt.carrier;
    if (attempt.submission.channel != domain::Channel::sms || !is_theirs)
      return std::optional<ports::MatchedAttempt>{};
    if (attempt.receipt) match.reported = attempt.receipt->outcome;
    if (attempt.submission.at != domain::TimePoint{}) match.submitted_at = attempt.submission.at;
  }
  return std::optional{std::move(match)};
}

Pending DeliveryTracker::weigh(ports::MatchedAttempt match, Receipt receipt, Effects& effects) {
  if (match.channel == domain::Channel::sms)
    return weigh_sms(std::move(match), std::move(receipt), effects);
  auto& n = match.notification;
  if (const auto reason = reason_to_block(receipt))
    effects.blocked.push_back({n.content.email, *reason, ports_.clock.now()});
  if (receipt.outcome == ReceiptOutcome::failed_permanent ||
      receipt.outcome == ReceiptOutcome::failed_temporary)
    return {std::move(n), domain::MailBounced{match.attempt_no, std::move(receipt)}};
  return {std::move(n), domain::ReceiptNoted{match.attempt_no, std::move(receipt)}};
}

Pending DeliveryTracker::weigh_sms(ports::MatchedAttempt match, Receipt receipt, Effects& effects) {
  report_price(match.notification, receipt);
  Pending pending{std::move(match.notification),
                  domain::ReceiptCame{match.attempt_no, std::move(receipt)}};
  const auto& n = pending.notification;
  const auto& came = std::get<domain::ReceiptCame>(pending.input).receipt;
  // A repeated receipt must have no second effect.
  if (match.reported == came.outcome) return pending;
  switch (came.outcome) {
    case ReceiptOutcome::delivered: {
      const auto change = settler_.preview(pending);
      if (change && change->to) {
        ports_.telemetry.count(Counter::receipts_delivered, 1);
        ports_.telemetry.took(ports::Timing::delivery_latency, came.at - n.created_at);
      } else if (change && change->attempt->late) {
        ports_.telemetry.count(Counter::receipts_late, 1);
      }
      break;
    }
    case ReceiptOutcome::accepted: break;
    case ReceiptOutcome::opted_out:
      effects.opted_out.push_back(
          {n.content.phone, "carrier", std::min(came.at, match.submitted_at.value_or(came.at))});
      [[fallthrough]];
    case ReceiptOutcome::failed_temporary:
    case ReceiptOutcome::failed_permanent:
      ports_.telemetry.count(Counter::receipts_failed, 1);
      break;
    case ReceiptOutcome::account: {
      // The account of a message that ended long ago may be well again.
      const auto change = settler_.preview(pending);
      if (on_account_problem_ && n.mode == domain::Mode::live && change && change->to)
        on_account_problem_(came.detail);
      break;
    }
  }
  return pending;
}

/// A word that no table has is worth a look: its provider's table needs a row for it.
void DeliveryTracker::report_unknown_words(std::span<const Receipt> receipts) {
  const auto count = std::count_if(receipts.begin(), receipts.end(), domain::has_unknown_word);
  if (count == 0) return;
  ports_.telemetry.count(Counter::receipts_unknown, count);
  if (!unknown_word_log_.allow(ports_.clock.now())) return;
  const auto example = std::find_if(receipts.begin(), receipts.end(), domain::has_unknown_word);
  ports_.telemetry.log(
      ports::Level::warning, "receipt_unknown",
      {{ports::Field::carrier, example->carrier}, {ports::Field::count, std::int64_t{count}}});
}

void DeliveryTracker::report_price(const domain::Notification& n, const Receipt& receipt) {
  if (n.mode == domain::Mode::test || !receipt.price) return;
  const auto price = *receipt.price;
  const auto factor = settler_.policy().max_price_factor;
  if (!domain::is_plausible_price(price, n.estimate, factor)) {
    if (price == domain::Money{}) return;  // many receipts have 0 for a price that is not known yet
    ports_.telemetry.count(Counter::sms_price_implausible, 1);
    if (price_log_.allow(ports_.clock.now()))
      ports_.telemetry.log(ports::Level::error, "price_implausible",
                           {{ports::Field::notification_id, n.id},
                            {ports::Field::country, n.content.country},
                            {ports::Field::micros, price.micros}});
    return;
  }
  if (price <= n.estimate || price == n.spent) return;  // expected, or reported before
  ports_.telemetry.count(Counter::sms_overcharged, 1);
  ports_.telemetry.log(ports::Level::error, "price_above_estimate",
                       {{ports::Field::notification_id, n.id},
                        {ports::Field::country, n.content.country},
                        {ports::Field::micros, price.micros}});
}

domain::Result<domain::Done> DeliveryTracker::store_effects(const Effects& effects) {
  if (!effects.opted_out.empty())
    if (auto done = ports_.customers.opt_out(effects.opted_out); !done) return done;
  if (!effects.blocked.empty())
    if (auto done = ports_.customers.block(effects.blocked); !done) return done;
  return domain::Done{};
}

domain::Result<domain::Done> DeliveryTracker::catch_up(std::span<const MessageKey> keys) {
  auto kept = ports_.inbox.find(keys);
  if (!kept) return kept.error();
  if (kept->empty()) return domain::Done{};
  return apply_kept(std::move(*kept));
}

domain::Result<int> DeliveryTracker::catch_up_all(int limit) {
  auto kept = ports_.inbox.matched(limit);
  if (!kept) return kept.error();
  const auto found = static_cast<int>(kept->size());
  if (found == 0) return 0;
  if (auto done = apply_kept(std::move(*kept)); !done) return done.error();
  return found;
}

domain::Result<domain::Done> DeliveryTracker::apply_kept(std::vector<Receipt> kept) {
  std::vector<Receipt> foreign;
  auto tracked = apply_matched(kept, foreign);
  if (!tracked) return tracked.error();
  std::erase_if(kept, [&](const Receipt& r) {
    return std::find(foreign.begin(), foreign.end(), r) != foreign.end();
  });
  return ports_.inbox.drop(kept);
}

}  // namespace postrider::pipeline
