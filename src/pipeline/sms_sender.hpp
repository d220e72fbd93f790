// Sends by SMS what is due: claim, submit, record. The claim is durable before the first byte goes
// out; anything that is not a definite refusal becomes `unknown` and is never sent again by SMS.
// Thread-safe: several workers may call send_due() at once.
#pragma once

#include <atomic>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "domain/policy.hpp"
#include "pipeline/log_rate_limiter.hpp"
#include "pipeline/provider_breaker.hpp"
#include "pipeline/settle.hpp"
#include "ports/allowance.hpp"
#include "ports/customer_directory.hpp"
#include "ports/notification_query.hpp"
#include "ports/shared_breaker.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::pipeline {

class DeliveryTracker;

/// What one round of a worker did.
struct Round {
  int handled = 0;               // notifications looked at
  domain::Milliseconds wait{0};  // nothing more to do before this has passed (0: go on at once)
};

struct SenderSettings {
  std::string sender_id;
  int batch = 100;
  domain::VelocityLimits velocity = {};
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
    ports::SharedBreaker* shared_breaker = nullptr;  // where several processes send
  };

  SmsSender(Ports ports, DeliveryTracker& tracker, SenderSettings settings, domain::Policy policy);

  /// One machine: pulls what is due, as much as rate and line allow, and sends it.
  domain::Result<Round> send_due();

  /// On AWS: sends what a queue brought, as far as rate and line allow. The rest goes back to the
  /// queue with a delay, or is deferred where that would be long: nobody waits here. What can't be
  /// claimed is somebody else's by now. An Error: some may be sent; the same items again are safe.
  domain::Result<Round> send(std::span<const ports::WorkQueue::Item> items);

  /// Writes the outcomes that the store could not take before. Called with each round; once more
  /// when the last worker has stopped.
  domain::Result<domain::Done> flush();

  /// The carrier's account is the problem (a receipt said so): hold the line.
  void hold(std::string code);

  /// Why the live line is closed now; empty when it is open.
  std::string breaker_code() const { return breaker_.code(); }

 private:
  struct Pull {
    std::vector<domain::Notification> claimed;
    Round round;
  };
  domain::Result<Pull> pull();
  using Items = std::span<const ports::WorkQueue::Item>;
  domain::Result<ProviderBreaker::Width> width(int batch);
  domain::Result<int> within_rate(Items items, domain::Milliseconds& wait);
  domain::Result<domain::Done> put_off(Items items, domain::Milliseconds wait);
  domain::Result<std::vector<domain::Notification>> claim(
      std::span<const domain::NotificationId> ids);
  domain::Result<domain::Done> submit(std::vector<domain::Notification> claimed);
  void return_parts(int parts);
  void note_success();
  void hold_shared_breaker(const std::string& code);
  void report_velocity_reached(std::span<const Pending> not_now);
  void report_limit_reached(std::span<const Pending> ruled_out);
  domain::Input input_of(const domain::Notification& n, const ports::SmsOutcome& outcome,
                         const std::string& carrier, domain::TimePoint at);

  Ports ports_;
  DeliveryTracker& tracker_;
  SenderSettings settings_;
  domain::Policy policy_;
  std::mutex pull_mutex_;  // one worker at a time chooses, so that no two choose the same
  ProviderBreaker breaker_;
  std::atomic<bool> probing_{false};  // the shared line's
  LogRateLimiter limit_alarm_, velocity_alarm_;
  // Outcomes that the store could not take yet (disk full). Nothing new is claimed until they are
  // written, because an outcome that is lost turns an accepted SMS into an unknown one.
  std::mutex unwritten_mutex_;
  struct Unwritten {
    std::vector<Pending> outcomes;
    std::vector<ports::OptOut> opt_outs;  // that the carrier told of
    void add(Unwritten more);
  };
  Unwritten unwritten_;
};

}  // namespace postrider::pipeline
