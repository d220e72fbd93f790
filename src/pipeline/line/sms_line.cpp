#include "pipeline/line/sms_line.hpp"

#include <algorithm>

namespace postrider::pipeline {
namespace {

using domain::Milliseconds;
using domain::Notification;
using ports::Counter;
using ports::Field;
using ports::Level;

constexpr auto account_wait = domain::CircuitBreaker::account_wait;
// The others of a batch from which a probe was taken: they look again when it has ended.
constexpr Milliseconds beside_probe{5'000};

}  // namespace

domain::Result<ProviderBreaker::Width> SmsLine::width(int batch) {
  const auto now = ports_.clock.now();
  auto allowed = breaker_.width(now, batch);
  if (allowed.messages == 0) return allowed;
  if (probe_under_way()) return ProviderBreaker::Width{0, Milliseconds{1'000}};
  auto look = ports_.hold.look(now);
  if (!look) return look.error();
  if ((look->held || look->probe) && look->awaited) {
    const auto opens = receipt_opens(*look);
    if (!opens) return opens.error();
    if (*opens) {
      warn(ports_.hold.release(), "release_line");
      look = ports::LineHold::Look{};
    }
  }
  {
    const concurrency::Lock lock{mutex_};
    seen_ = *look;
    if (look->probe) probe_ = *look;
  }
  if (look->held) return ProviderBreaker::Width{0, std::max(look->until - now, Milliseconds{1})};
  if (look->probe) allowed = {1, beside_probe, true};
  if (!allowed.probe) return allowed;
  if (auto problem = ports_.carrier.reach(); !problem.empty()) {
    give_back_probe();
    const auto wait = breaker_.fail(ports_.clock.now(), {}, std::move(problem)).retry_after;
    return ProviderBreaker::Width{0, wait};
  }
  return allowed;
}

/// True where the receipt of the awaited probe shows that messages arrive again, or that they fail
/// for another reason than the account: that one would have held the line anew.
domain::Result<bool> SmsLine::receipt_opens(const ports::LineHold::Look& look) {
  const auto found = ports_.store.load({&*look.awaited, 1});
  if (!found) return found.error();
  const auto& probe = found->front();
  if (!probe) return false;
  return probe->state == domain::State::delivered ||
         probe->reason == domain::code(domain::Reason::sms_undelivered);
}

std::optional<domain::ProviderUnavailable> SmsLine::held_country(const Notification& n) {
  if (!countries_.any()) return std::nullopt;
  const auto wait = countries_.wait_of(n.content.country, ports_.clock.now());
  if (wait <= Milliseconds{0}) return std::nullopt;
  return domain::ProviderUnavailable{wait, "held", "country"};
}

void SmsLine::accepted(const Notification& n) {
  answered(n, true);
  if (countries_.release(n.content.country))
    ports_.telemetry.log(Level::info, "country_resumed", {{Field::country, n.content.country}});
}

void SmsLine::refused(const Notification& n) {
  countries_.give_back(n.content.country, ports_.clock.now());
  answered(n, false);
}

void SmsLine::unknown(const Notification& n, const ports::SmsFailed& end) {
  const auto now = ports_.clock.now();
  countries_.give_back(n.content.country, now);
  const auto wait = breaker_.unknown(now, end.retry_after, end.code, unknown_run_);
  if (take_probe()) warn(ports_.hold.await_receipt(n.id), "await_receipt");
  if (wait) warn(ports_.hold.hold(now, {end.code, *wait, false}), "hold_line");
}

domain::ProviderUnavailable SmsLine::unavailable(const Notification& n,
                                                 const ports::SmsFailed& end) {
  const auto now = ports_.clock.now();
  const auto hold = domain::effect_of(end.fault).hold;
  if (hold == domain::Hold::account) {
    hold_account(end.code, false);
    return {account_wait, end.code};
  }
  if (hold == domain::Hold::country) {
    ports_.telemetry.count(Counter::account_problems, 1);
    if (countries_.hold(n.content.country, now))
      ports_.telemetry.log(Level::error, "country_held",
                           {{Field::country, n.content.country}, {Field::code, end.code}});
    answered(n, false);
    return {account_wait, end.code, "country"};
  }
  const bool throttled = end.fault == domain::Fault::throttled;
  ports_.telemetry.count(throttled ? Counter::sms_throttled : Counter::sms_unreachable, 1);
  not_begun(n);
  return breaker_.fail(now, end.retry_after, end.code);
}

void SmsLine::not_begun(const Notification& n) {
  countries_.give_back(n.content.country, ports_.clock.now());
  give_back_probe();
}

void SmsLine::hold_by_receipt(std::string code) {
  hold_account(code.empty() ? "account" : std::move(code), true);
}

void SmsLine::hold_account(std::string code, bool by_receipt) {
  const auto now = ports_.clock.now();
  ports_.telemetry.count(Counter::account_problems, 1);
  warn(ports_.hold.hold(now, {code, account_wait, by_receipt}), "hold_line");
  const concurrency::Lock lock{mutex_};
  const bool news = !seen_.held || seen_.cause.code != code;
  seen_ = {true, false, now + account_wait, {code, account_wait, by_receipt}, std::nullopt};
  probe_.reset();
  if (news)
    ports_.telemetry.log(Level::error, "provider_held",
                         {{Field::reason, std::string_view{"sms"}}, {Field::code, code}});
}

/// A definite answer: the line is open, unless only a receipt can tell.
void SmsLine::answered(const Notification& n, bool taken) {
  breaker_.succeed(ports_.clock.now());
  const auto probe = take_probe();
  if (!probe) return;
  if (!probe->cause.by_receipt) {
    {
      const concurrency::Lock lock{mutex_};
      seen_ = {};
    }
    warn(ports_.hold.release(), "release_line");
    ports_.telemetry.log(Level::info, "provider_resumed",
                         {{Field::reason, std::string_view{"sms"}},
                          {Field::code, std::string_view{probe->cause.code}}});
  } else if (taken) {
    warn(ports_.hold.await_receipt(n.id), "await_receipt");
  } else {
    warn(ports_.hold.give_back(ports_.clock.now(), probe->until), "give_back_probe");
  }
}

bool SmsLine::probe_under_way() const {
  const concurrency::Lock lock{mutex_};
  return probe_.has_value();
}

std::optional<ports::LineHold::Look> SmsLine::take_probe() {
  const concurrency::Lock lock{mutex_};
  return std::exchange(probe_, std::nullopt);
}

void SmsLine::give_back_probe() {
  if (const auto probe = take_probe())
    warn(ports_.hold.give_back(ports_.clock.now(), probe->until), "give_back_probe");
}

/// A hold that could not be written lasts as it was: the next probe tries again.
void SmsLine::warn(const domain::Result<domain::Done>& written, std::string_view what) {
  if (!written) ports_.telemetry.log(Level::warning, "store_failed", {{Field::code, what}});
}

std::string SmsLine::code() const {
  if (auto code = breaker_.code(); !code.empty()) return code;
  const concurrency::Lock lock{mutex_};
  return seen_.held || seen_.cause.by_receipt ? seen_.cause.code : std::string{};
}

}  // namespace postrider::pipeline
