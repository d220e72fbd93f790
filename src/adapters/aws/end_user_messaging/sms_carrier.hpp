// SmsCarrier on AWS End User Messaging SMS v2 (SendTextMessage): refuses at once what SNS refuses
// silently, takes a time to live, and returns our reference in its events. A call is never
// repeated. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "adapters/aws/client/client.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::adapters::aws::end_user_messaging {

struct EndUserMessagingSettings {
  std::string origination_identity;  // pool, number or sender id; empty: AWS chooses
  std::string configuration_set;     // empty: none, and then no events
};

/// The table of faults of the service's own reasons; for all others see client::faults().
std::span<const domain::FaultRow> faults();

class EndUserMessagingCarrier final : public ports::SmsCarrier {
 public:
  /// `client` outlives it.
  EndUserMessagingCarrier(client::Client& client, EndUserMessagingSettings settings)
      : client_{client}, settings_{std::move(settings)} {}

  std::string name() const override { return "end_user_messaging"; }
  int width() const override { return client_.settings().concurrency; }
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch,
                                        domain::TimePoint until) override;

 private:
  client::Client& client_;
  EndUserMessagingSettings settings_;
};

}  // namespace postrider::adapters::aws::end_user_messaging
