#include "settings/aws_checks.hpp"

#include "message/email/mime.hpp"

namespace postrider::settings {

Problems aws_problems(const LoadedConfig& loaded) {
  Problems problems;
  const auto& c = loaded.config;
  if (!loaded.origins.contains("email.from"))
    problems.emplace_back(
        "email.from (FROM_EMAIL) is not set: name the shop's sender, an address that SES may send "
        "for");
  else if (!message::is_mailbox(c.email.from))
    problems.push_back(place_of(loaded, "email.from") + "email.from = \"" + c.email.from + "\" " +
                       no_mailbox);
  if (c.sms.carrier == "end_user_messaging" && c.sms.origination_identity.empty())
    problems.push_back(place_of(loaded, "sms.carrier") +
                       "sms.origination_identity must name a number, pool or sender of the "
                       "account, because sms.carrier is \"end_user_messaging\"");
  return problems;
}

}  // namespace postrider::settings
