#include "adapters/aws/client/sms_outcome.hpp"
#include "adapters/aws/client/text.hpp"

#include <array>
#include <cstdio>

namespace postrider::adapters::aws::client {
namespace {

using domain::Fault;
using domain::FaultRow;

// "Common errors" of the API references, 2026-11.
constexpr std::array table{
    FaultRow{"* * throttle", Fault::throttled},
    FaultRow{"* * stale", Fault::process, "an old clock or token"},
    FaultRow{"5*", Fault::unknown},
    FaultRow{"401", Fault::account},
    FaultRow{"403", Fault::account},
    FaultRow{"404", Fault::account},
    FaultRow{"4* AuthorizationError", Fault::account},
    FaultRow{"4* AccessDenied*", Fault::account},
    FaultRow{"4* InvalidClientTokenId", Fault::account},
    FaultRow{"4* SignatureDoesNotMatch", Fault::account},
    FaultRow{"4* InvalidSignatureException", Fault::account},
    FaultRow{"4* MissingAuthenticationToken", Fault::account},
    FaultRow{"4* UnrecognizedClientException", Fault::account},
    FaultRow{"4* OptInRequired", Fault::account},
    FaultRow{"4* KMS*", Fault::account},
    FaultRow{"4*", Fault::message},
    FaultRow{"none not_done", Fault::server, "no byte was written: no connection, TLS, DNS"},
    FaultRow{"*", Fault::unknown, "any other end"},
};

/// The code that records have: the reason where there is one.
std::string code_of(const Refusal& refusal, std::string_view reason) {
  return lower_code(reason.empty() ? std::string_view{refusal.code} : reason);
}

}  // namespace

std::span<const FaultRow> faults() { return table; }

ports::SmsOutcome sms_outcome(const NoReply& none) {
  if (none.code == "out_of_time" && none.not_done) return ports::SmsNotBegun{};
  return ports::SmsFailed{*domain::find_fault(table, fault_key(none)), none.code};
}

ports::SmsOutcome sms_outcome(const Refusal& refusal, std::string_view reason,
                              std::span<const FaultRow> own) {
  const auto key = fault_key(refusal, reason);
  auto fault = domain::find_fault(own, key);
  if (!fault) fault = domain::find_fault(table, key);
  return ports::SmsFailed{*fault, code_of(refusal, reason)};
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
