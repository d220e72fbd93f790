// Sends by e-mail what SMS could not deliver: claim, compose, hand over, record. At least once. A
// server that can't be reached uses no try of any mail: all wait until a probe gets through.
// Thread-safe.
#pragma once

#include <atomic>
#include <span>

#include "domain/policy.hpp"
#include "message/email/email.hpp"
#include "pipeline/sms_sender.hpp"
#include "ports/customer_directory.hpp"
#include "ports/mailer.hpp"

namespace postrider::pipeline {

class EmailFallback {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::NotificationQuery& query;
    ports::CustomerDirectory& customers;
    ports::Mailer& live_mailer;
    ports::Mailer& test_mailer;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
    ports::WorkQueue* queue = nullptr;  // on AWS: what has to be tried again goes there
  };

  EmailFallback(Ports ports, message::EmailSettings settings, domain::Policy policy, int batch);

  domain::Result<Round> send_due();
  /// On AWS: sends what a queue brought, if it can be claimed. Nobody waits here: what has to wait
  /// goes back to the queue, or is left to the sweeper where that comes first. An Error: some may
  /// be sent; the same items again are safe.
  domain::Result<Round> send(std::span<const ports::WorkQueue::Item> items);

  /// Why the line to the mail server is closed now; empty when it is open.
  std::string breaker_code() const { return breaker_.code(); }

 private:
  domain::Result<std::vector<domain::Notification>> claim(
      std::span<const domain::NotificationId> ids);
  domain::Result<domain::Done> deliver(std::vector<domain::Notification> claimed);
  void block(const std::vector<ports::BlockedAddress>& dead);
  domain::Input input_of(const domain::Notification& n, const ports::MailOutcome& outcome,
                         const std::string& mailer, domain::TimePoint at);

  Ports ports_;
  message::EmailSettings settings_;
  domain::Policy policy_;
  int batch_;
  std::mutex pull_mutex_;
  ProviderBreaker breaker_;
  std::atomic<int> width_;  // as many as the server takes in one slice
};

}  // namespace postrider::pipeline
