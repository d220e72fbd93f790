#include "pipeline/sms_submitter.hpp"

#include <algorithm>
#include <array>
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

constexpr std::array both_modes{domain::Mode::live, domain::Mode::test};

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
      line_{{ports.live_carrier, ports.line_hold, ports.store, ports.clock, ports.telemetry},
            settings_.unknown_run},
      alarms_{ports.clock, ports.telemetry, policy.limits} {}

domain::Result<std::vector<Notification>> SmsSubmitter::claim(std::span<const NotificationId> ids,
                                                              std::vector<NotificationId>& failed) {
  if (ids.empty()) return std::vector<Notification>{};
  const domain::ClaimTerms terms{ports_.clock.now(), policy_.sms_lease, policy_.limits,
                                 settings_.velocity};
  auto outcomes = ports_.store.claim_sms(ids, terms);
  if (!outcomes) {
    line_.none_claimed();
    return outcomes.error();
  }
  alarms_.report(*outcomes);
  const auto ruled_out = [](domain::Reason why) -> domain::Input {
    return domain::SmsRuledOut{why};
  };
  auto claimed = settler_.take_claims(ids, std::move(*outcomes), ruled_out, failed);
  const int live = live_ones(claimed);
  if (live == 0) line_.none_claimed();
  under_way_ += live;
  return claimed;
}

/// A flight whose outcomes may come after start(). `handing_over`: during it.
struct SmsSubmitter::Started {
  explicit Started(Flight handed_over) : flight{std::move(handed_over)} {}
  Flight flight;
  std::atomic<bool> handing_over{true};
};

void SmsSubmitter::start(std::vector<Notification> claimed) {
  keep_held_countries(claimed);
  const auto until = begin_before(claimed);
  for (const auto mode : both_modes) {
    const auto started = std::make_shared<Started>(flight_of(mode, claimed));
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
      flight.carrier.start(std::move(flight.batch), until, land_one);
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
  keep_held_countries(claimed);
  // One carrier's outcomes are kept before the next one is asked, which may take long.
  const auto until = begin_before(claimed);
  for (const auto mode : both_modes) {
    auto outcomes = submit_by(mode, claimed, until);
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

/// Takes the SMS whose country is held out of `claimed`.
void SmsSubmitter::keep_held_countries(std::vector<Notification>& claimed) {
  Unwritten held;
  std::erase_if(claimed, [&](Notification& n) {
    if (!is_live(n)) return false;
    auto input = line_.held_country(n);
    if (input) held.outcomes.push_back({std::move(n), std::move(*input)});
    return input.has_value();
  });
  if (held.outcomes.empty()) return;
  if (live_ones(claimed) == 0) line_.none_claimed();
  const concurrency::Lock lock{unwritten_mutex_};
  unwritten_.add(std::move(held));
}

/// Submits the SMS of `claimed` that have this mode.
SmsSubmitter::Unwritten SmsSubmitter::submit_by(domain::Mode mode,
                                                std::vector<Notification>& claimed,
                                                domain::TimePoint until) {
  Unwritten unwritten;
  auto flight = flight_of(mode, claimed);
  if (flight.owners.empty()) return unwritten;
  unwritten.outcomes.reserve(flight.owners.size());
  const auto outcomes =
      flight.at < until ? flight.carrier.submit(flight.batch, until)
                        : std::vector<ports::SmsOutcome>(flight.batch.size(), ports::SmsNotBegun{});
  for (std::size_t i = 0; i < flight.owners.size(); ++i) keep(flight, i, outcomes[i], unwritten);
  return unwritten;
}

/// Takes the SMS of `claimed` that have this mode.
SmsSubmitter::Flight SmsSubmitter::flight_of(domain::Mode mode,
                                             std::vector<Notification>& claimed) {
  const bool live = mode == domain::Mode::live;
  Flight flight{live ? ports_.live_carrier : ports_.test_carrier, live, ports_.clock.now()};
  for (auto& n : claimed) {
    if (n.mode != mode) continue;
    flight.batch.push_back(to_sms(n, settings_, policy_.receipt_wait));
    flight.owners.push_back(std::move(n));
  }
  return flight;
}

void SmsSubmitter::keep(Flight& flight, std::size_t index, const ports::SmsOutcome& outcome,
                        Unwritten& unwritten) {
  auto& owner = flight.owners[index];
  const auto* failed = std::get_if<ports::SmsFailed>(&outcome);
  if (failed != nullptr && failed->fault == domain::Fault::opted_out && flight.live)
    unwritten.opt_outs.push_back({owner.content.phone, "carrier", flight.at});
  auto input = input_of(owner, outcome, flight);
  unwritten.outcomes.push_back({std::move(owner), std::move(input)});
}

domain::Input SmsSubmitter::input_of(const Notification& n, const ports::SmsOutcome& outcome,
                                     const Flight& flight) {
  Submission s = submission_of(n, flight.carrier.name(), flight.at);
  if (const auto* took = std::get_if<ports::SmsAccepted>(&outcome)) {
    s.message_id = took->message_id;
    return accepted(n, std::move(s), flight.live);
  }
  if (const auto* end = std::get_if<ports::SmsFailed>(&outcome))
    return failed(n, std::move(s), *end, flight.live);
  if (flight.live) line_.not_begun(n);
  return domain::ProviderUnavailable{{}, "not_begun"};
}

domain::Input SmsSubmitter::failed(const Notification& n, Submission submission,
                                   const ports::SmsFailed& end, bool live) {
  submission.error = end.code;
  if (end.fault == domain::Fault::unknown) {
    ports_.telemetry.count(Counter::sms_unknown, 1);
    ports_.telemetry.log(ports::Level::warning, "sms_unknown",
                         {{Field::notification_id, n.id}, {Field::code, end.code}});
    if (live) line_.unknown(n, end);
    submission.outcome = Submitted::unknown;
    return domain::OutcomeUnknown{n.attempts, std::move(submission), true};
  }
  if (domain::effect_of(end.fault).of_message) {
    ports_.telemetry.count(Counter::sms_refused, 1);
    if (live) line_.refused(n);
    submission.outcome = Submitted::refused;
    const bool for_good = end.fault != domain::Fault::passing;
    return domain::CarrierRefused{n.attempts, std::move(submission), for_good};
  }
  if (live) return line_.unavailable(n, end);
  // A simulated carrier reaches nobody: its answers block no other message.
  return domain::ProviderUnavailable{std::max(end.retry_after, domain::CircuitBreaker::first_wait),
                                     end.code};
}

domain::Input SmsSubmitter::accepted(const Notification& n, Submission submission, bool live) {
  const auto now = ports_.clock.now();
  ports_.telemetry.count(Counter::sms_submitted, 1);
  ports_.telemetry.count(Counter::sms_segments, n.content.segments);
  ports_.telemetry.took(ports::Timing::sms_latency, now - n.created_at);
  if (live) line_.accepted(n);
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

}  // namespace postrider::pipeline
