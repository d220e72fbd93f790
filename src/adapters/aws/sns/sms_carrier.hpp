// SmsCarrier on SNS: Publish to a phone number. A call is never repeated: SNS has no idempotency
// key for SMS. Thread-safe. Silent refusals (opted out, spend limit) show only in the delivery log;
// see receipt.hpp.
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
  int width() const override { return client_.settings().concurrency; }
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch,
                                        domain::TimePoint until) override;

 private:
  client::Client& client_;
  std::string origination_number_;
};

/// The form of a Publish. The attributes are those of the SNS developer guide, "Publishing to a
/// mobile phone".
std::string publish_form(const ports::Sms& sms, const std::string& origination_number);

}  // namespace postrider::adapters::aws::sns
