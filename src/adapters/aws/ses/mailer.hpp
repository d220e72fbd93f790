// Mailer on SES v2 (SendEmail), at least once: a mail that may have been sent is of unknown
// outcome, and the pipeline sends it again. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "adapters/aws/client/client.hpp"
#include "ports/mailer.hpp"

namespace postrider::adapters::aws::ses {

/// The table of faults; for the form of an answer see client::fault_key().
std::span<const domain::FaultRow> faults();

class SesMailer final : public ports::Mailer {
 public:
  /// `client` and `clock` outlive it. `configuration_set`: for bounces, complaints and required
  /// TLS; empty: none.
  SesMailer(client::Client& client, ports::Clock& clock, std::string configuration_set)
      : client_{client}, clock_{clock}, configuration_set_{std::move(configuration_set)} {}

  std::string name() const override { return "ses"; }
  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint until) override;

 private:
  client::Client& client_;
  ports::Clock& clock_;
  std::string configuration_set_;
};

}  // namespace postrider::adapters::aws::ses
