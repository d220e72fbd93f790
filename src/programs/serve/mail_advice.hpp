// What is wrong, or doubtful, about the way to the mail server, for `serve` and `doctor` to say.
#pragma once

#include <string>
#include <vector>

#include "adapters/smtp/smtp_mailer.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

struct MailAdvice {
  std::string finding;  // "smtp.tls is none: the password of smtp.user travels in the clear"
  std::string todo;
  bool fails = false;  // no mail goes out
};

/// By the settings alone.
std::vector<MailAdvice> mail_advice(const settings::Config& config);

/// By what the server says as well.
std::vector<MailAdvice> mail_advice(const settings::Config& config,
                                    const adapters::smtp::SmtpMailer::Offer& offer);

}  // namespace postrider::programs
