#include "domain/delivery/attempt.hpp"

#include <array>

namespace postrider::domain {
namespace {

constexpr std::array<std::string_view, 6> outcomes{
    "delivered", "accepted", "failed_temporary", "failed_permanent", "opted_out", "account"};
constexpr std::array<std::string_view, 3> proofs{"none", "carrier", "handset"};

}  // namespace

std::string_view name(Channel channel) { return channel == Channel::sms ? "sms" : "email"; }
std::string_view name(Encoding encoding) { return encoding == Encoding::gsm7 ? "GSM-7" : "UCS-2"; }
std::string_view name(Proof proof) { return proofs[static_cast<std::size_t>(proof)]; }
std::string_view name(ReceiptOutcome outcome) {
  return outcomes[static_cast<std::size_t>(outcome)];
}

std::string_view name(SmsType type) {
  return type == SmsType::promotional ? "promotional" : "transactional";
}

std::string_view name(Submitted outcome) {
  switch (outcome) {
    case Submitted::accepted: return "accepted";
    case Submitted::refused: return "refused";
    case Submitted::unknown: return "unknown";
  }
  return "unknown";
}

std::optional<ReceiptOutcome> parse_receipt_outcome(std::string_view text) {
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    if (outcomes[i] == text) return static_cast<ReceiptOutcome>(i);
  return std::nullopt;
}

std::optional<Proof> parse_proof(std::string_view text) {
  for (std::size_t i = 0; i < proofs.size(); ++i)
    if (proofs[i] == text) return static_cast<Proof>(i);
  return std::nullopt;
}

}  // namespace postrider::domain
