#include "pipeline/sms_submitter.hpp"

#include <algorithm>
#include <memory>

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

bool is_live(const Notification& n) { return n.mode == domain::Mode::live; }

int live_ones(const std::vector<Notification>& batch) {
  return static_cast<int>(std::count_if(batch.begin(), batch.end(), is_live));
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

domain::Result<std::vector<Notification>> SmsSubmitter::claim(std::span<const NotificationId> ids,
                                                              std::vector<NotificationId>& failed) {
  if (ids.empty()) return std::vector<Notification>{};
  const domain::ClaimTerms terms{ports_.clock.now(), policy_.sms_lease, policy_.limits,
                                 settings_.velocity};
  auto outcomes = ports_.store.claim_sms(ids, terms);
  if (!outcomes) return outcomes.error();
  alarms_.report(*outcomes);
  const auto ruled_out = [](domain::Reason why) -> domain::Input {
    return domain::SmsRuledOut{why};
  };
  auto claimed = settler_.take_claims(ids, std::move(*outcomes), ruled_out, failed);
  under_way_ += live_ones(claimed);
  return claimed;
}

/// A flight whose outcomes may come after start(). `handing_over`: during it.
struct SmsSubmitter::Started {
  explicit Started(Flight handed_over) : flight{std::move(handed_over)} {}
  Flight flight;
  std::atomic<bool> handing_over{true};
};

void SmsSubmitter::start(std::vector<Notification> claimed) {
  const auto until = begin_before(claimed);
  for (auto* lane : lanes_.all()) {
    const auto started = std::make_shared<Started>(flight_of(*lane, claimed));
    auto& flight = started->flight;
    const auto count = flight.owners.size();
    if (count == 0) continue;
    {
      const concurrency::Lock lock{unwritten_mutex_};
      started_ += count;
    }
    const auto land_one = [this, started](std::size_t index, const ports::SmsOutcome& outcome) {
      land(*started, index, outcome);
    };
    if (flight.at < until) {
      lane->provider.start(std::move(flight.batch), until, land_one);
    } else {
      for (std::size_t i = 0; i < count; ++i) land_one(i, ports::SmsNotBegun{});
    }
    started->handing_over = false;
  }
}

/// Keeps the outcome of one SMS for flush().
void SmsSubmitter::land(Started& started, std::size_t index, const ports::SmsOutcome& outcome) {
  Unwritten landed;
  keep(started.flight, index, outcome, landed);
  {
    const concurrency::Lock lock{unwritten_mutex_};
    unwritten_.add(std::move(landed));
  }
  if (tell_ended_ && !started.handing_over) tell_ended_();
  // The last access to this object: who waits for the end may destroy it.
  const concurrency::Lock lock{unwritten_mutex_};
  if (--started_ == 0) all_ended_.notify_all();
}

void SmsSubmitter::wait_until_ended() {
  concurrency::Lock lock{unwritten_mutex_};
  while (started_ > 0) all_ended_.wait(lock);
}

domain::Result<domain::Done> SmsSubmitter::submit(std::vector<Notification> claimed) {
  // Each lane's outcomes are kept before the next lane is asked, which may take long.
  const auto until = begin_before(claimed);
  for (auto* lane : lanes_.all()) {
    auto outcomes = submit_by(*lane, claimed, until);
    const concurrency::Lock lock{unwritten_mutex_};
    unwritten_.add(std::move(outcomes));
  }
  return flush();
}

/// The end of the first lease of `claimed`, less a margin for what lies between the last look at
/// the clock and the first byte.
domain::TimePoint SmsSubmitter::begin_before(std::span<const Notification> claimed) const {
  auto lease_end = ports_.clock.now() + policy_.sms_lease;
  for (const auto& n : claimed)
    if (n.due_at) lease_end = std::min(lease_end, *n.due_at);
  return lease_end - policy_.sms_lease / 10;
}

/// Submits the SMS of `claimed` that belong to `lane`.
SmsSubmitter::Unwritten SmsSubmitter::submit_by(Lane<ports::SmsCarrier>& lane,
                                                std::vector<Notification>& claimed,
                                                domain::TimePoint until) {
  Unwritten unwritten;
  auto flight = flight_of(lane, claimed);
  if (flight.owners.empty()) return unwritten;
  unwritten.outcomes.reserve(flight.owners.size());
  const auto outcomes =
      flight.at < until ? lane.provider.submit(flight.batch, until)
                        : std::vector<ports::SmsOutcome>(flight.batch.size(), ports::SmsNotBegun{});
  for (std::size_t i = 0; i < flight.owners.size(); ++i) keep(flight, i, outcomes[i], unwritten);
  return unwritten;
}

/// Takes the SMS of `claimed` that belong to `lane`.
SmsSubmitter::Flight SmsSubmitter::flight_of(Lane<ports::SmsCarrier>& lane,
                                             std::vector<Notification>& claimed) {
  Flight flight{lane, ports_.clock.now()};
  for (auto& n : claimed) {
    if (&lanes_.of(n) != &lane) continue;
    flight.batch.push_back(to_sms(n, settings_, policy_.receipt_wait));
    flight.owners.push_back(std::move(n));
  }
  return flight;
}

void SmsSubmitter::keep(Flight& flight, std::size_t index, const ports::SmsOutcome& outcome,
                        Unwritten& unwritten) {
  auto& owner = flight.owners[index];
  const auto* refused = std::get_if<ports::SmsRefused>(&outcome);
  if (refused != nullptr && refused->opted_out && flight.lane.reaches_people())
    unwritten.opt_outs.push_back({owner.content.phone, "carrier", flight.at});
  auto input = input_of(owner, outcome, flight.lane, flight.at);
  unwritten.outcomes.push_back({std::move(owner), std::move(input)});
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
  const auto written = write(unwritten);
  if (!written) {
    const concurrency::Lock lock{unwritten_mutex_};
    unwritten_.add(std::move(unwritten));
    return written.error();
  }
  Unwritten left;
  auto& outcomes = unwritten.outcomes;
  const auto now = ports_.clock.now();
  const auto first_left = std::stable_partition(outcomes.begin(), outcomes.end(), [&](auto& p) {
    return !written->has_failed(p.notification.id) || now >= p.notification.due_at.value_or(now);
  });
  std::move(first_left, outcomes.end(), std::back_inserter(left.outcomes));
  outcomes.erase(first_left, outcomes.end());
  for (const auto& p : unwritten.outcomes) under_way_ -= is_live(p.notification);
  {
    const concurrency::Lock lock{unwritten_mutex_};
    unwritten_.add(std::move(left));
  }
  catch_up(unwritten.outcomes);
  return domain::Done{};
}

domain::Result<Settled> SmsSubmitter::write(const Unwritten& unwritten) {
  // The opt-out is stored first: once the refusal is recorded, nothing would report it again.
  if (!unwritten.opt_outs.empty())
    if (auto stored = ports_.customers.opt_out(unwritten.opt_outs); !stored) return stored.error();
  return settler_.settle(unwritten.outcomes);
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
