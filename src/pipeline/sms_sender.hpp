// Sends by SMS what is due: claim, submit, record. The claim is durable before the first byte goes
// out; anything that is not a definite refusal becomes `unknown` and is never sent again by SMS.
// Thread-safe: several workers may call send_due() at once.
#pragma once

#include <functional>
#include <mutex>
#include <span>

#include "domain/line.hpp"
#include "domain/policy.hpp"
#include "ports/allowance.hpp"
#include "ports/clock.hpp"
#include "ports/customer_directory.hpp"
#include "ports/notification_query.hpp"
#include "ports/notification_store.hpp"
#include "ports/receipt_inbox.hpp"
#include "ports/sms_carrier.hpp"
#include "ports/telemetry.hpp"
#include "ports/work_queue.hpp"

namespace postrider::pipeline {

class DeliveryTracker;

/// What one round of a worker did.
struct Round {
  int handled = 0;  // notifications looked at
  domain::Milliseconds wait{
      0};  // nothing more to do before this time has passed (0: go on at once)
};

struct SenderSettings {
  std::string sender_id;
  int batch = 100;
};

class SmsSender {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::NotificationQuery& query;
    ports::CustomerDirectory& customers;
    ports::Allowance& allowance;
    ports::SmsCarrier& live_carrier;
    ports::SmsCarrier& test_carrier;  // for notifications of test mode
    ports::WorkQueue& queue;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  SmsSender(Ports ports, DeliveryTracker& tracker, SenderSettings settings, domain::Policy policy);

  /// One machine: pulls what is due, as much as rate and line allow, and sends it.
  domain::Result<Round> send_due();

  /// Sends these, if they can be claimed. AWS calls it with the ids of a queue batch.
  domain::Result<Round> send(std::span<const domain::NotificationId> ids);

  /// True while the carrier refuses the whole line (throttled, unreachable, account problem).
  bool line_closed() const;

 private:
  struct Flight;
  domain::Result<std::vector<domain::Notification>> claim(
      std::span<const domain::NotificationId> ids);
  domain::Result<domain::Done> submit(std::vector<domain::Notification> claimed);
  domain::Result<domain::Done> record(std::vector<Flight>& flights);

  Ports ports_;
  DeliveryTracker& tracker_;
  SenderSettings settings_;
  domain::Policy policy_;
  std::mutex pull_;  // one worker at a time chooses, so that no two choose the same
  mutable std::mutex line_mutex_;
  domain::Line line_;
};

}  // namespace postrider::pipeline
