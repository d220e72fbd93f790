// Sends by e-mail what SMS could not deliver: claim, compose, hand over, record. At least once.
// Thread-safe.
#pragma once

#include <span>

#include "domain/policy.hpp"
#include "message/email.hpp"
#include "pipeline/sms_sender.hpp"
#include "ports/mailer.hpp"

namespace postrider::pipeline {

class EmailFallback {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::NotificationQuery& query;
    ports::Mailer& live_mailer;
    ports::Mailer& test_mailer;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  EmailFallback(Ports ports, message::EmailSettings settings, domain::Policy policy, int batch);

  domain::Result<Round> send_due();
  domain::Result<Round> send(std::span<const domain::NotificationId> ids);

 private:
  domain::Result<std::vector<domain::Notification>> claim(
      std::span<const domain::NotificationId> ids);
  domain::Result<domain::Done> deliver(std::vector<domain::Notification> claimed);

  Ports ports_;
  message::EmailSettings settings_;
  domain::Policy policy_;
  int batch_;
  std::mutex pull_mutex_;
};

}  // namespace postrider::pipeline
