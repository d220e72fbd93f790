#include "adapters/aws/client/call.hpp"

#include <algorithm>
#include <array>

namespace postrider::adapters::aws::client {
namespace {

// botocore/data/_retry.json and the services' models, 2026-11.
constexpr std::array<std::string_view, 14> throttles{"Throttling",
                                                     "ThrottlingException",
                                                     "ThrottledException",
                                                     "Throttled",
                                                     "RequestThrottled",
                                                     "RequestThrottledException",
                                                     "RequestLimitExceeded",
                                                     "TooManyRequestsException",
                                                     "ProvisionedThroughputExceededException",
                                                     "BandwidthLimitExceeded",
                                                     "LimitExceededException",
                                                     "SlowDown",
                                                     "TransactionInProgressException",
                                                     "PriorRequestNotComplete"};

// The codes that the SDKs take for a clock that is wrong (botocore/retryhandler.py and smithy's
// clock skew detection, 2026-11).
constexpr std::array<std::string_view, 3> clock_codes{"RequestExpired", "RequestTimeTooSkewed",
                                                      "RequestInTheFuture"};

bool tells_of_clock(const std::string& message) {
  return message.find("Signature expired") != std::string::npos ||
         message.find("Signature not yet current") != std::string::npos;
}

}  // namespace

Stale stale(const Refusal& refusal) {
  if (refusal.status / 100 != 4) return Stale::nothing;
  if (refusal.code.starts_with("ExpiredToken")) return Stale::credentials;
  const bool clock =
      std::find(clock_codes.begin(), clock_codes.end(), refusal.code) != clock_codes.end() ||
      tells_of_clock(refusal.message);
  return clock ? Stale::clock : Stale::nothing;
}

std::string fault_key(const Refusal& refusal, std::string_view reason) {
  std::string_view mark = reason;
  if (stale(refusal) != Stale::nothing) mark = "stale";
  if (is_throttle(refusal)) mark = "throttle";
  return std::to_string(refusal.status) + " " + refusal.code + " " + std::string{mark};
}

std::string fault_key(const NoReply& none) { return none.not_done ? "none not_done" : "none open"; }

bool is_throttle(const Refusal& refusal) {
  return refusal.status == 429 ||
         std::find(throttles.begin(), throttles.end(), refusal.code) != throttles.end();
}

std::string operation_of(const Call& call) {
  return call.operation.empty() ? call.target.substr(call.target.find('.') + 1) : call.operation;
}

domain::Error error_of(const Call& call, const Reply& reply) {
  const std::string what = std::string{call.service.id} + " " + operation_of(call);
  if (const auto* refusal = std::get_if<Refusal>(&reply))
    return {domain::ErrorKind::unavailable,
            what + ": " + refusal->code + " (HTTP " + std::to_string(refusal->status) + ")"};
  if (const auto* none = std::get_if<NoReply>(&reply))
    return {domain::ErrorKind::unavailable, what + ": " + none->code};
  return {domain::ErrorKind::corrupt, what + ": an answer that can't be read"};
}

}  // namespace postrider::adapters::aws::client
