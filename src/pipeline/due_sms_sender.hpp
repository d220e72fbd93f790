// The SMS sender of one machine: pulls what is due from the store, as much as rate and breaker
// allow, and submits it. Thread-safe: several workers may call send_due() at once.
#pragma once

#include <mutex>

#include "pipeline/round.hpp"
#include "pipeline/sms_submitter.hpp"
#include "ports/allowance.hpp"
#include "ports/notification_query.hpp"

namespace postrider::pipeline {

class DueSmsSender {
 public:
  struct Ports {
    ports::NotificationQuery& query;
    ports::Allowance& allowance;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  /// `submitter` outlives it.
  DueSmsSender(Ports ports, SmsSubmitter& submitter) : ports_{ports}, submitter_{submitter} {}

  domain::Result<Round> send_due();

 private:
  struct Pull {
    std::vector<domain::Notification> claimed;
    Round round;
  };
  domain::Result<Pull> pull();

  Ports ports_;
  SmsSubmitter& submitter_;
  std::mutex pull_mutex_;  // one worker at a time chooses, so that no two choose the same
};

}  // namespace postrider::pipeline
