#include "pipeline/line/provider_breaker.hpp"

#include <algorithm>

namespace postrider::pipeline {

using domain::Milliseconds;
using domain::TimePoint;

ProviderBreaker::Width ProviderBreaker::width(TimePoint now, int batch) const {
  const concurrency::Lock lock{mutex_};
  if (!breaker_.allows(now)) return {0, breaker_.blocked_until - now};
  return {breaker_.width(batch), Milliseconds{0}, breaker_.failures > 0};
}

domain::ProviderUnavailable ProviderBreaker::fail(TimePoint now, Milliseconds retry_after,
                                                  std::string code) {
  const concurrency::Lock lock{mutex_};
  const bool probe = breaker_.failures > 0;
  const auto wait = close(now, retry_after, longest_wait_, code);
  // A refused probe waits longer, so that the next probe is another message: a message that alone
  // is refused must not hold up all others.
  return {probe ? 3 * wait : wait, std::move(code)};
}

std::optional<Milliseconds> ProviderBreaker::unknown(TimePoint now, Milliseconds retry_after,
                                                     std::string code, int run) {
  const concurrency::Lock lock{mutex_};
  if (!breaker_.count_unknown(run) && retry_after <= Milliseconds{0}) return std::nullopt;
  return close(now, retry_after, longest_costly_wait, code);
}

Milliseconds ProviderBreaker::close(TimePoint now, Milliseconds retry_after,
                                    Milliseconds longest_wait, const std::string& code) {
  if (breaker_.failures == 0) log_change(ports::Level::warning, "provider_paused", code);
  // The rest of a batch that was under way when the breaker tripped does not count as new failures.
  if (breaker_.allows(now)) {
    breaker_.fail(now, retry_after, longest_wait);
  } else {
    breaker_.extend(now, retry_after);
  }
  code_ = code;
  return std::max<Milliseconds>(breaker_.blocked_until - now, Milliseconds{1});
}

void ProviderBreaker::succeed(TimePoint now) {
  const concurrency::Lock lock{mutex_};
  breaker_.unknowns = 0;
  if (breaker_.failures == 0 || !breaker_.allows(now)) return;
  breaker_.succeed();
  log_change(ports::Level::info, "provider_resumed", code_);
}

std::string ProviderBreaker::code() const {
  const concurrency::Lock lock{mutex_};
  return breaker_.failures == 0 ? std::string{} : code_;
}

void ProviderBreaker::log_change(ports::Level level, std::string_view event,
                                 std::string_view code) {
  telemetry_.log(level, event,
                 {{ports::Field::reason, std::string_view{name_}}, {ports::Field::code, code}});
}

}  // namespace postrider::pipeline
