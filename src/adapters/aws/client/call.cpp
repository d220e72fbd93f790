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

}  // namespace

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
