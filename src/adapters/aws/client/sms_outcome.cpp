#include "adapters/aws/client/sms_outcome.hpp"
#include "adapters/aws/client/text.hpp"

#include <array>
#include <cstdio>

namespace postrider::adapters::aws::client {
namespace {

constexpr domain::Milliseconds throttle_wait{1'000};

// Refusals with status 400 that are about our account, not about the message.
constexpr std::array<std::string_view, 10> about_us{"AuthorizationError",
                                                    "AccessDenied",
                                                    "AccessDeniedException",
                                                    "InvalidClientTokenId",
                                                    "SignatureDoesNotMatch",
                                                    "InvalidSignatureException",
                                                    "ExpiredToken",
                                                    "ExpiredTokenException",
                                                    "MissingAuthenticationToken",
                                                    "UnrecognizedClientException"};

bool is_about_us(const Refusal& refusal) {
  if (refusal.status == 401 || refusal.status == 403 || refusal.status == 404) return true;
  for (const auto code : about_us)
    if (refusal.code == code) return true;
  return refusal.code.starts_with("KMS");
}

}  // namespace

ports::SmsOutcome sms_outcome(const NoReply& none) {
  if (none.code == "out_of_time" && none.not_done) return ports::SmsNotBegun{};
  if (none.not_done) return ports::SmsUnreachable{none.code};
  return ports::SmsUnknown{none.code};
}

ports::SmsOutcome sms_outcome(const Refusal& refusal) {
  const auto code = lower_code(refusal.code);
  if (is_throttle(refusal)) return ports::SmsThrottled{throttle_wait};
  if (refusal.status / 100 != 4) return ports::SmsUnknown{code};
  if (is_about_us(refusal)) return ports::SmsAccountProblem{code};
  return ports::SmsRefused{code, true, false};
}

std::string max_price(domain::Money price) {
  if (price.micros <= 0) return {};
  const auto hundred_thousandths = (price.micros + 9) / 10;
  std::array<char, 32> text{};
  const auto size = std::snprintf(text.data(), text.size(), "%lld.%05lld",
                                  static_cast<long long>(hundred_thousandths / 100'000),
                                  static_cast<long long>(hundred_thousandths % 100'000));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace postrider::adapters::aws::client
