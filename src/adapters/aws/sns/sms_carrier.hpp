// SMS by SNS Publish to a phone number. A Publish is never repeated: it has no idempotency key for
// SMS. What SNS refuses silently (opted out, spend limit) shows only in its delivery log; see
// sns_receipt.hpp. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "adapters/aws/client/client.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::adapters::aws::sns {

class SnsSmsCarrier final : public ports::SmsCarrier {
 public:
  /// `client` outlives it. `origination_number`: empty, or the number to send from.
  SnsSmsCarrier(client::Client& client, std::string origination_number)
      : client_{client}, origination_number_{std::move(origination_number)} {}

  std::string name() const override { return "sns"; }
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch) override;

 private:
  client::Client& client_;
  std::string origination_number_;
};

/// The form of a Publish. The attributes are those of the SNS developer guide, "Publishing to a
/// mobile phone".
std::string publish_form(const ports::Sms& sms, const std::string& origination_number);

}  // namespace postrider::adapters::aws::sns
