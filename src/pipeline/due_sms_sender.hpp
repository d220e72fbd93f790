// The SMS sender of one machine: pulls due notifications from the store, as many as rate, breaker
// and the carrier's connections allow, hands them to the carrier, and records what has ended.
// Thread-safe: several workers may call send_due() at once.
#pragma once

#include "concurrency/mutex.hpp"
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

  /// `submitter` outlives the sender.
  DueSmsSender(Ports ports, SmsSubmitter& submitter) : ports_{ports}, submitter_{submitter} {}

  /// Records what has ended and sends one batch. No more live SMS are claimed and unrecorded than
  /// the carrier can have under way at once: a crash makes them unknown. An Error: the store
  /// failed; the next call goes on.
  domain::Result<Round> send_due();

 private:
  struct Pull {
    std::vector<domain::Notification> claimed;
    Round round;
  };
  domain::Result<Pull> pull() EXCLUDES(pull_mutex_);
  domain::Result<Pull> pull(const ProviderBreaker::Width& width, domain::TimePoint now)
      REQUIRES(pull_mutex_);
  domain::Result<std::vector<ports::Due>> choose(const ProviderBreaker::Width& width, int places,
                                                 domain::TimePoint now);

  Ports ports_;
  SmsSubmitter& submitter_;
  concurrency::Mutex
      pull_mutex_;  // held by one worker while it chooses: no two choose the same SMS
};

}  // namespace postrider::pipeline
