#include "pipeline/sms_submitter.hpp"

#include <algorithm>

#include "pipeline/delivery_tracker.hpp"

namespace postrider::pipeline {
namespace {

using domain::Milliseconds;
using domain::Notification;
using domain::NotificationId;
using domain::Submission;
using domain::Submitted;
using ports::Counter;
using ports::Field;

constexpr Milliseconds longest_breaker_wait{30'000};

/// The most that the carrier may bill. A message that waited may have been taken before there was a
/// list of prices.
domain::Money cap_of(const Notification& n, const SenderSettings& settings) {
  const bool assumed =
      settings.assumed_price && n.estimate == *settings.assumed_price * n.content.segments;
  return assumed ? settings.max_price : n.estimate;
}

ports::Sms to_sms(const Notification& n, const SenderSettings& settings,
                  Milliseconds receipt_wait) {
  // A little less than the wait for the receipt: an SMS that arrives does so before the e-mail goes
  // out.
  const auto validity = receipt_wait - receipt_wait / 10;
  return {.reference = n.id,
          .attempt_no = n.attempts,
          .to = n.content.phone,
          .sender_id = settings.sender_id,
          .text = n.content.sms_text,
          .encoding = n.content.encoding,
          .segments = n.content.segments,
          .type = n.content.sms_type,
          .max_price = cap_of(n, settings),
          .validity = validity};
}

Submission submission_of(const Notification& n, const std::string& carrier, domain::TimePoint at) {
  Submission s;
  s.channel = domain::Channel::sms;
  s.carrier = carrier;
  s.at = at;
  s.encoding = n.content.encoding;
  s.segments = n.content.segments;
  s.price = n.estimate;
  return s;
}

}  // namespace

SmsSubmitter::SmsSubmitter(Ports ports, Settler& settler, DeliveryTracker& tracker,
                           SenderSettings settings, domain::Policy policy)
    : ports_{ports},
      settler_{settler},
      tracker_{tracker},
      settings_{std::move(settings)},
      policy_{policy},
      lanes_{ports.live_carrier, ports.test_carrier, "sms", longest_breaker_wait, ports.telemetry},
      alarms_{ports.clock, ports.telemetry, policy.limits} {}

domain::Result<ProviderBreaker::Width> SmsSubmitter::width(int batch) {
  const auto now = ports_.clock.now();
  auto allowed = lanes_.live.width(now, batch);
  if (allowed.messages == 0 || ports_.shared_breaker == nullptr) return allowed;
  const auto shared = ports_.shared_breaker->look(now, domain::CircuitBreaker::account_wait);
  if (!shared) return shared.error();
  if (shared->held) return ProviderBreaker::Width{0, shared->wait};
  if (shared->probe) {
    probing_ = true;
    allowed = {1, domain::CircuitBreaker::account_wait};  // the wait of all others
  }
  return allowed;
}

domain::Result<std::vector<Notification>> SmsSubmitter::claim(std::span<const NotificationId> ids) {
  if (ids.empty()) return std::vector<Notification>{};
  const domain::ClaimTerms terms{ports_.clock.now(), policy_.sms_lease, policy_.limits,
                                 settings_.velocity};
  auto outcomes = ports_.store.claim_sms(ids, terms);
  if (!outcomes) return outcomes.error();
  alarms_.report(*outcomes);
  std::vector<Notification> claimed;
  std::vector<Pending> stopped;
  for (auto& outcome : *outcomes) {
    if (auto* mine = std::get_if<ports::Claimed>(&outcome))
      claimed.push_back(std::move(mine->notification));
    if (auto* out = std::get_if<ports::RuledOut>(&outcome))
      stopped.push_back({std::move(out->notification), domain::SmsRuledOut{out->reason}});
    if (auto* early = std::get_if<ports::TooEarly>(&outcome))
      stopped.push_back({std::move(early->notification), domain::SmsPostponed{early->until}});
    if (auto* late = std::get_if<ports::Superseded>(&outcome))
      stopped.push_back({std::move(late->notification), domain::NewerTold{}});
    if (auto* waits = std::get_if<ports::HeldBack>(&outcome))
      stopped.push_back({std::move(waits->notification), domain::HeldBack{waits->until}});
  }
  // If this fails the SMS stay accepted and are stopped again next time.
  if (!stopped.empty() && !settler_.settle(stopped))
    ports_.telemetry.log(ports::Level::warning, "store_failed", {{Field::code, "rule_out"}});
  return claimed;
}

domain::Result<domain::Done> SmsSubmitter::submit(std::vector<Notification> claimed) {
  // Each lane's outcomes are kept before the next lane is asked, which may take long.
  for (auto* lane : lanes_.all()) {
    auto outcomes = submit_by(*lane, claimed);
    const concurrency::Lock lock{unwritten_mutex_};
    unwritten_.add(std::move(outcomes));
  }
  return flush();
}

/// Submits the SMS of `claimed` that belong to `lane`.
SmsSubmitter::Unwritten SmsSubmitter::submit_by(Lane<ports::SmsCarrier>& lane,
                                                std::vector<Notification>& claimed) {
  Unwritten unwritten;
  std::vector<ports::Sms> batch;
  std::vector<Notification*> owners;
  for (auto& n : claimed) {
    if (&lanes_.of(n) != &lane) continue;
    batch.push_back(to_sms(n, settings_, policy_.receipt_wait));
    owners.push_back(&n);
  }
  if (batch.empty()) return unwritten;
  unwritten.outcomes.reserve(batch.size());
  const auto at = ports_.clock.now();
  const auto outcomes = lane.provider.submit(batch);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const auto* refused = std::get_if<ports::SmsRefused>(&outcomes[i]);
    if (refused != nullptr && refused->opted_out && lane.reaches_people())
      unwritten.opt_outs.push_back({owners[i]->content.phone, "carrier", at});
    auto input = input_of(*owners[i], outcomes[i], lane, at);
    unwritten.outcomes.push_back({std::move(*owners[i]), std::move(input)});
  }
  return unwritten;
}

domain::Input SmsSubmitter::input_of(const Notification& n, const ports::SmsOutcome& outcome,
                                     Lane<ports::SmsCarrier>& lane, domain::TimePoint at) {
  const auto now = ports_.clock.now();
  Submission s = submission_of(n, lane.provider.name(), at);
  if (const auto* took = std::get_if<ports::SmsAccepted>(&outcome)) {
    s.message_id = took->message_id;
    return accepted(n, std::move(s), lane);
  }
  if (const auto* refused = std::get_if<ports::SmsRefused>(&outcome)) {
    ports_.telemetry.count(Counter::sms_refused, 1);
    s.outcome = Submitted::refused;
    s.error = refused->code;
    return domain::CarrierRefused{n.attempts, std::move(s),
                                  refused->for_good || refused->opted_out};
  }
  if (const auto* throttled = std::get_if<ports::SmsThrottled>(&outcome)) {
    ports_.telemetry.count(Counter::sms_throttled, 1);
    return lane.fail(now, throttled->retry_after, "throttled");
  }
  if (const auto* down = std::get_if<ports::SmsUnreachable>(&outcome)) {
    if (lane.reaches_people()) ports_.telemetry.count(Counter::sms_unreachable, 1);
    return lane.fail(now, {}, down->code);
  }
  if (std::holds_alternative<ports::SmsNotBegun>(outcome))
    return domain::ProviderUnavailable{{}, "not_begun"};
  if (const auto* account = std::get_if<ports::SmsAccountProblem>(&outcome)) {
    ports_.telemetry.count(Counter::account_problems, 1);
    if (lane.reaches_people()) hold_shared_breaker(account->code);
    return lane.hold(now, account->code);
  }
  ports_.telemetry.count(Counter::sms_unknown, 1);
  s.outcome = Submitted::unknown;
  s.error = std::get<ports::SmsUnknown>(outcome).code;
  ports_.telemetry.log(ports::Level::warning, "sms_unknown",
                       {{Field::notification_id, n.id}, {Field::code, s.error}});
  return domain::OutcomeUnknown{n.attempts, std::move(s), true};
}

domain::Input SmsSubmitter::accepted(const Notification& n, Submission submission,
                                     Lane<ports::SmsCarrier>& lane) {
  const auto now = ports_.clock.now();
  ports_.telemetry.count(Counter::sms_submitted, 1);
  ports_.telemetry.count(Counter::sms_segments, n.content.segments);
  ports_.telemetry.took(ports::Timing::sms_latency, now - n.created_at);
  lane.succeed(now);
  if (lane.reaches_people()) release_shared_breaker();
  submission.outcome = Submitted::accepted;
  return domain::CarrierAccepted{n.attempts, std::move(submission)};
}

void SmsSubmitter::Unwritten::add(Unwritten more) {
  if (outcomes.empty()) std::swap(outcomes, more.outcomes);
  std::move(more.outcomes.begin(), more.outcomes.end(), std::back_inserter(outcomes));
  std::move(more.opt_outs.begin(), more.opt_outs.end(), std::back_inserter(opt_outs));
}

domain::Result<domain::Done> SmsSubmitter::flush() {
  Unwritten unwritten;
  {
    const concurrency::Lock lock{unwritten_mutex_};
    std::swap(unwritten, unwritten_);
  }
  if (unwritten.outcomes.empty()) return domain::Done{};
  if (auto written = write(unwritten); !written) {
    const concurrency::Lock lock{unwritten_mutex_};
    unwritten_.add(std::move(unwritten));
    return written;
  }
  catch_up(unwritten.outcomes);
  return domain::Done{};
}

domain::Result<domain::Done> SmsSubmitter::write(const Unwritten& unwritten) {
  // The opt-out is stored first: once the refusal is recorded, nothing would report it again.
  if (!unwritten.opt_outs.empty())
    if (auto stored = ports_.customers.opt_out(unwritten.opt_outs); !stored) return stored;
  const auto settled = settler_.settle(unwritten.outcomes);
  if (!settled) return settled.error();
  return domain::Done{};
}

/// Applies receipts that came before their send was recorded. If this fails the sweeper does it.
void SmsSubmitter::catch_up(const std::vector<Pending>& outcomes) {
  std::vector<ports::NotificationStore::MessageKey> keys;
  for (const auto& p : outcomes)
    if (const auto* took = std::get_if<domain::CarrierAccepted>(&p.input);
        took && !took->submission.message_id.empty())
      keys.push_back({took->submission.carrier, took->submission.message_id});
  if (!keys.empty() && !tracker_.catch_up(keys))
    ports_.telemetry.log(ports::Level::warning, "store_failed", {{Field::code, "catch_up"}});
}

void SmsSubmitter::hold(std::string code) {
  ports_.telemetry.count(Counter::account_problems, 1);
  hold_shared_breaker(code);
  lanes_.live.hold(ports_.clock.now(), std::move(code));
}

void SmsSubmitter::hold_shared_breaker(const std::string& code) {
  if (ports_.shared_breaker == nullptr) return;
  const auto until = ports_.clock.now() + domain::CircuitBreaker::account_wait;
  if (!ports_.shared_breaker->hold(until, code))
    ports_.telemetry.log(ports::Level::error, "store_failed", {{Field::code, "hold_line"}});
}

void SmsSubmitter::release_shared_breaker() {
  if (!probing_.exchange(false)) return;
  // If this fails the next probe releases it.
  if (!ports_.shared_breaker->release())
    ports_.telemetry.log(ports::Level::warning, "store_failed", {{Field::code, "release_line"}});
}

}  // namespace postrider::pipeline
