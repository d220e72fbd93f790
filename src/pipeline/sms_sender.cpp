#include "pipeline/sms_sender.hpp"

#include <algorithm>

#include "pipeline/delivery_tracker.hpp"

namespace postrider::pipeline {
namespace {

using domain::Milliseconds;
using domain::Notification;
using domain::NotificationId;
using domain::Reason;
using domain::Submission;
using domain::Submitted;
using ports::Counter;
using ports::Field;

constexpr Milliseconds idle_wait{1000};  // an offer wakes the worker before that
constexpr Milliseconds longest_breaker_wait{30'000};
constexpr Milliseconds hiccup_wait{250};  // after the store could not be written

ports::Sms to_sms(const Notification& n, const std::string& sender_id, Milliseconds receipt_wait) {
  // A little less than the wait for the receipt: what arrives arrives before the e-mail goes out.
  const auto validity = receipt_wait - receipt_wait / 10;
  return {.reference = n.id,
          .attempt_no = n.attempts,
          .to = n.content.phone,
          .sender_id = sender_id,
          .text = n.content.sms_text,
          .encoding = n.content.encoding,
          .segments = n.content.segments,
          .type = n.content.sms_type,
          .price = n.estimate,
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

/// Why it goes by e-mail; `none` where it only waits.
Reason reason_of(const Pending& p) {
  const auto* ruled_out = std::get_if<domain::SmsRuledOut>(&p.input);
  return ruled_out == nullptr ? Reason::none : ruled_out->reason;
}

}  // namespace

SmsSender::SmsSender(Ports ports, DeliveryTracker& tracker, SenderSettings settings,
                     domain::Policy policy)
    : ports_{ports},
      tracker_{tracker},
      settings_{std::move(settings)},
      policy_{policy},
      breaker_{"sms", longest_breaker_wait, ports.telemetry} {}

domain::Result<Round> SmsSender::send_due() {
  if (auto flushed = flush(); !flushed) return Round{0, hiccup_wait};
  auto pulled = pull();
  if (!pulled) return pulled.error();
  if (pulled->claimed.empty()) return pulled->round;
  if (auto done = submit(std::move(pulled->claimed)); !done) return done.error();
  return pulled->round;
}

domain::Result<SmsSender::Pull> SmsSender::pull() {
  const std::lock_guard only_one{pull_mutex_};
  const auto now = ports_.clock.now();
  const auto width = breaker_.width(now, settings_.batch);
  if (width.messages == 0) return Pull{{}, {0, std::min(width.wait, idle_wait)}};
  auto due = ports_.query.due(domain::State::accepted, now, width.messages);
  if (!due) return due.error();
  if (due->empty()) return Pull{{}, {0, idle_wait}};

  int wanted = 0;
  for (const auto& d : *due) wanted += std::max(d.segments, 1);
  const int first = std::max(due->front().segments, 1);
  auto grant = ports_.allowance.take_parts(first, wanted, now);
  if (!grant) return grant.error();
  std::vector<NotificationId> ids;
  int used = 0;
  for (const auto& d : *due) {
    if (used + std::max(d.segments, 1) > grant->parts) break;
    used += std::max(d.segments, 1);
    ids.push_back(d.id);
  }
  auto claimed = ids.empty()
                     ? domain::Result<std::vector<Notification>>{std::vector<Notification>{}}
                     : claim(ids);
  int flying = 0;
  if (claimed)
    for (const auto& n : *claimed) flying += std::max(n.content.segments, 1);
  return_parts(grant->parts - flying);
  if (!claimed) return claimed.error();
  const bool held_back = ids.size() < due->size();
  const auto wait = held_back ? std::max(grant->wait, Milliseconds{5}) : Milliseconds{0};
  return Pull{std::move(*claimed), {static_cast<int>(ids.size()), wait}};
}

void SmsSender::return_parts(int parts) {
  if (parts <= 0) return;
  // If this fails they count as used for a second.
  if (!ports_.allowance.return_parts(parts))
    ports_.telemetry.log(ports::Level::warning, "store_failed", {{Field::code, "return_parts"}});
}

domain::Result<std::vector<Notification>> SmsSender::claim(std::span<const NotificationId> ids) {
  const domain::ClaimTerms terms{ports_.clock.now(), policy_.sms_lease, policy_.limits,
                                 settings_.velocity};
  auto outcomes = ports_.store.claim_sms(ids, terms);
  if (!outcomes) return outcomes.error();
  std::vector<Notification> claimed;
  std::vector<Pending> ruled_out;
  for (auto& outcome : *outcomes) {
    if (auto* mine = std::get_if<ports::Claimed>(&outcome))
      claimed.push_back(std::move(mine->notification));
    if (auto* not_by_sms = std::get_if<ports::RuledOut>(&outcome))
      ruled_out.push_back(
          {std::move(not_by_sms->notification), domain::SmsRuledOut{not_by_sms->reason}});
    if (auto* early = std::get_if<ports::TooEarly>(&outcome))
      ruled_out.push_back({std::move(early->notification), domain::SmsPostponed{early->until}});
  }
  if (!ruled_out.empty()) {
    report_limit_reached(ruled_out);
    report_velocity_reached(ruled_out);
    auto settled = settle({ports_.store, &ports_.queue, ports_.clock, ports_.telemetry}, policy_,
                          std::move(ruled_out));
    // Nothing is lost if this fails: they stay accepted and are ruled out again next time.
    if (!settled)
      ports_.telemetry.log(ports::Level::warning, "store_failed", {{Field::code, "rule_out"}});
  }
  return claimed;
}

void SmsSender::report_limit_reached(std::span<const Pending> ruled_out) {
  std::int64_t over = 0, today = 0;
  for (const auto& p : ruled_out) {
    const auto reason = reason_of(p);
    today += reason == Reason::no_money_today;
    over += reason == Reason::no_money || reason == Reason::no_money_today;
  }
  if (over == 0) return;
  ports_.telemetry.count(Counter::sms_over_limit, over);
  const auto now = ports_.clock.now();
  if (!limit_alarm_.allow(now)) return;
  const bool of_day = today == over;
  const auto& limits = policy_.limits;
  ports_.telemetry.log(
      ports::Level::error, of_day ? "daily_limit_reached" : "monthly_limit_reached",
      {{Field::month, std::int64_t{domain::month_of(now)}},
       {Field::micros, (of_day ? limits.daily.value_or(limits.monthly) : limits.monthly).micros}});
}

void SmsSender::report_velocity_reached(std::span<const Pending> not_now) {
  std::int64_t stopped = 0;
  const Pending* one = nullptr;
  for (const auto& p : not_now) {
    if (domain::class_of(reason_of(p)) != domain::ReasonClass::abuse) continue;
    ++stopped;
    one = &p;
  }
  if (stopped == 0) return;
  ports_.telemetry.count(Counter::sms_over_velocity, stopped);
  if (!velocity_alarm_.allow(ports_.clock.now())) return;
  ports_.telemetry.log(ports::Level::error, "velocity_limit_reached",
                       {{Field::code, domain::code(reason_of(*one))},
                        {Field::country, one->notification.content.country}});
}

domain::Result<domain::Done> SmsSender::submit(std::vector<Notification> claimed) {
  Unwritten news;
  for (const auto mode : {domain::Mode::live, domain::Mode::test}) {
    auto& carrier = mode == domain::Mode::live ? ports_.live_carrier : ports_.test_carrier;
    std::vector<ports::Sms> batch;
    std::vector<Notification*> owners;
    for (auto& n : claimed) {
      if (n.mode != mode) continue;
      batch.push_back(to_sms(n, settings_.sender_id, policy_.receipt_wait));
      owners.push_back(&n);
    }
    if (batch.empty()) continue;
    const auto at = ports_.clock.now();
    const auto outcomes = carrier.submit(batch);
    const auto carrier_name = carrier.name();
    for (std::size_t i = 0; i < owners.size(); ++i) {
      const auto* refused = std::get_if<ports::SmsRefused>(&outcomes[i]);
      if (refused != nullptr && refused->opted_out && mode == domain::Mode::live)
        news.opt_outs.push_back({owners[i]->content.phone, "carrier", at});
      auto input = input_of(*owners[i], outcomes[i], carrier_name, at);
      news.outcomes.push_back({std::move(*owners[i]), std::move(input)});
    }
  }
  {
    const std::lock_guard lock{unwritten_mutex_};
    unwritten_.add(std::move(news));
  }
  return flush();
}

domain::Input SmsSender::input_of(const Notification& n, const ports::SmsOutcome& outcome,
                                  const std::string& carrier, domain::TimePoint at) {
  Submission s = submission_of(n, carrier, at);
  const auto line_failed = [&](Milliseconds asked, std::string code) -> domain::Input {
    // The simulator behind test mode says nothing about the line to the carrier.
    if (n.mode == domain::Mode::test)
      return domain::ProviderUnavailable{std::max(asked, domain::CircuitBreaker::first_wait),
                                         std::move(code)};
    return breaker_.fail(ports_.clock.now(), asked, std::move(code));
  };
  if (const auto* took = std::get_if<ports::SmsAccepted>(&outcome)) {
    ports_.telemetry.count(Counter::sms_submitted, 1);
    ports_.telemetry.count(Counter::sms_segments, n.content.segments);
    ports_.telemetry.took(ports::Timing::sms_latency, ports_.clock.now() - n.created_at);
    if (n.mode == domain::Mode::live) note_success();
    s.outcome = Submitted::accepted;
    s.message_id = took->message_id;
    return domain::CarrierAccepted{n.attempts, std::move(s)};
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
    return line_failed(throttled->retry_after, "throttled");
  }
  if (const auto* down = std::get_if<ports::SmsUnreachable>(&outcome)) {
    if (n.mode == domain::Mode::live) ports_.telemetry.count(Counter::sms_unreachable, 1);
    return line_failed({}, down->code);
  }
  if (std::holds_alternative<ports::SmsNotBegun>(outcome))
    return domain::ProviderUnavailable{{}, "not_begun"};
  if (const auto* account = std::get_if<ports::SmsAccountProblem>(&outcome)) {
    ports_.telemetry.count(Counter::account_problems, 1);
    if (n.mode == domain::Mode::test)
      return line_failed(domain::CircuitBreaker::account_wait, account->code);
    hold_shared_breaker(account->code);
    return breaker_.hold(ports_.clock.now(), account->code);
  }
  ports_.telemetry.count(Counter::sms_unknown, 1);
  s.outcome = Submitted::unknown;
  s.error = std::get<ports::SmsUnknown>(outcome).code;
  ports_.telemetry.log(ports::Level::warning, "sms_unknown",
                       {{Field::notification_id, n.id}, {Field::code, s.error}});
  return domain::OutcomeUnknown{n.attempts, std::move(s), true};
}

void SmsSender::Unwritten::add(Unwritten more) {
  std::move(more.outcomes.begin(), more.outcomes.end(), std::back_inserter(outcomes));
  std::move(more.opt_outs.begin(), more.opt_outs.end(), std::back_inserter(opt_outs));
}

domain::Result<domain::Done> SmsSender::flush() {
  Unwritten news;
  {
    const std::lock_guard lock{unwritten_mutex_};
    std::swap(news, unwritten_);
  }
  const auto& batch = news.outcomes;
  if (batch.empty()) return domain::Done{};
  const auto write = [&]() -> domain::Result<domain::Done> {
    // The opt-out first: once the refusal is recorded, nothing would bring it again.
    if (!news.opt_outs.empty())
      if (auto stored = ports_.customers.opt_out(news.opt_outs); !stored) return stored;
    auto settled =
        settle({ports_.store, &ports_.queue, ports_.clock, ports_.telemetry}, policy_, batch);
    if (!settled) return settled.error();
    return domain::Done{};
  };
  if (auto written = write(); !written) {
    const std::lock_guard lock{unwritten_mutex_};
    unwritten_.add(std::move(news));
    return written;
  }
  std::vector<ports::NotificationStore::MessageKey> keys;
  for (const auto& p : batch)
    if (const auto* took = std::get_if<domain::CarrierAccepted>(&p.input);
        took && !took->submission.message_id.empty())
      keys.push_back({took->submission.carrier, took->submission.message_id});
  // A receipt may have come before its send was recorded. If this fails the sweeper catches up.
  if (!keys.empty() && !tracker_.catch_up(keys))
    ports_.telemetry.log(ports::Level::warning, "store_failed", {{Field::code, "catch_up"}});
  return domain::Done{};
}

void SmsSender::hold(std::string code) {
  ports_.telemetry.count(Counter::account_problems, 1);
  hold_shared_breaker(code);
  breaker_.hold(ports_.clock.now(), std::move(code));
}

}  // namespace postrider::pipeline
