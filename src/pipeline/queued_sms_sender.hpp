// The SMS sender behind a queue, as on AWS: submits the queue's items as far as rate and breakers
// allow. The rest goes back to the queue with a delay, or is deferred where the delay would be
// long; no call waits for rate or breaker. Thread-safe.
#pragma once

#include <span>

#include "pipeline/round.hpp"
#include "pipeline/sms_submitter.hpp"
#include "ports/allowance.hpp"

namespace postrider::pipeline {

class QueuedSmsSender {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::Allowance& allowance;
    ports::WorkQueue& queue;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  /// `submitter` and `settler` outlive the sender.
  QueuedSmsSender(Ports ports, SmsSubmitter& submitter, Settler& settler)
      : ports_{ports}, submitter_{submitter}, settler_{settler} {}

  /// Sends the items that can be claimed; another worker has the others. An Error: some may be
  /// sent; the same items again are safe.
  domain::Result<Round> send(std::span<const ports::WorkQueue::Item> items);

 private:
  using Items = std::span<const ports::WorkQueue::Item>;
  domain::Result<std::vector<domain::Notification>> claim(Items items,
                                                          const ProviderBreaker::Width& width,
                                                          Round& round);
  domain::Result<domain::Done> put_off(Items items, domain::Milliseconds wait, Round& round);
  void offer_again(Items items, domain::Milliseconds wait);
  domain::Result<domain::Done> defer(Items items, domain::Milliseconds wait, Round& round);

  Ports ports_;
  SmsSubmitter& submitter_;
  Settler& settler_;
};

}  // namespace postrider::pipeline
