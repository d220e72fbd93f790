#include "programs/serve/mail_advice.hpp"

#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

// A mail has a text and its HTML, both in base64; with long texts and many links it stays below.
constexpr std::int64_t enough_for_a_mail = 256 * 1024;

}  // namespace

std::vector<MailAdvice> mail_advice(const settings::Config& config) {
  std::vector<MailAdvice> advice;
  if (config.email.mailer != "smtp") return advice;
  if (config.smtp.tls == "none" && !config.smtp.user.empty())
    advice.push_back({"smtp.tls is \"none\": the password of smtp.user travels in the clear",
                      "set smtp.tls to \"starttls\" or \"implicit\""});
  return advice;
}

std::vector<MailAdvice> mail_advice(const settings::Config& config,
                                    const adapters::smtp::SmtpMailer::Offer& offer) {
  auto advice = mail_advice(config);
  const std::string server = config.smtp.host + ":" + std::to_string(config.smtp.port);
  if (!offer.problem.empty()) {
    advice.push_back({server + " takes no mail from this machine: " + offer.problem,
                      "check smtp.host, smtp.port, smtp.tls and the account", true});
    return advice;
  }
  if (!config.smtp.user.empty() && !offer.takes_login)
    advice.push_back(config.smtp.tls == "none"
                         ? MailAdvice{server + " takes no login (AUTH) before STARTTLS, so mails "
                                               "would go without smtp.user",
                                      "set smtp.tls to \"starttls\"", true}
                         : MailAdvice{server + " takes no login (AUTH), so mails would go without "
                                               "smtp.user",
                                      "leave smtp.user out, or check smtp.port: 587 or 465", true});
  if (offer.size && *offer.size < enough_for_a_mail)
    advice.push_back({server + " takes no mail above " +
                          grouped(static_cast<std::uint64_t>(*offer.size)) +
                          " octets (SIZE): a larger one becomes a dead letter",
                      "raise its limit to 262,144 octets or more, or shorten the texts"});
  return advice;
}

}  // namespace postrider::programs
