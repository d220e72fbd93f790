// The channels of a program that sends nothing, such as a command that changes the store: no
// message is ever begun. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "ports/mailer.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::pipeline {

class NoCarrier final : public ports::SmsCarrier {
 public:
  std::string name() const override { return "none"; }
  int width() const override { return unlimited_width; }
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch,
                                        domain::TimePoint) override {
    return std::vector<ports::SmsOutcome>(batch.size(), ports::SmsNotBegun{});
  }
};

class NoMailer final : public ports::Mailer {
 public:
  std::string name() const override { return "none"; }
  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint) override {
    return std::vector<ports::MailOutcome>(batch.size(), ports::MailNotBegun{});
  }
};

}  // namespace postrider::pipeline
