#include "adapters/aws/ses/mailer.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/aws/client/text.hpp"
#include "message/json/receipt_fields.hpp"

namespace postrider::adapters::aws::ses {
namespace {

using Json = nlohmann::json;

constexpr std::size_t at_once = 10;

// The errors of SendEmail that are about this mail; the others are about our account or its set-up.
constexpr std::array<std::string_view, 2> about_the_mail{"MessageRejected", "BadRequestException"};

Json utf8(const std::string& text) { return {{"Data", text}, {"Charset", "UTF-8"}}; }

std::string request_of(const message::Email& mail, const std::string& configuration_set) {
  Json simple{{"Subject", utf8(mail.subject)},
              {"Body", {{"Text", utf8(mail.text)}, {"Html", utf8(mail.html)}}}};
  Json headers = Json::array();
  for (const auto& [name, value] : mail.headers)
    headers.push_back({{"Name", name}, {"Value", value}});
  if (!headers.empty()) simple["Headers"] = std::move(headers);
  Json request{
      {"FromEmailAddress", mail.from},
      {"Destination", {{"ToAddresses", Json::array({mail.to})}}},
      {"Content", {{"Simple", std::move(simple)}}},
      {"EmailTags",
       Json::array({{{"Name", "notification"}, {"Value", domain::to_string(mail.reference)}},
                    {{"Name", "attempt"}, {"Value", std::to_string(mail.attempt_no)}}})}};
  if (!configuration_set.empty()) request["ConfigurationSetName"] = configuration_set;
  return request.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ports::MailOutcome outcome_of(const client::Refusal& refusal) {
  const auto code = client::lower_code(refusal.code);
  if (refusal.status >= 500) return ports::MailDeferred{code, true};
  const bool of_mail =
      std::find(about_the_mail.begin(), about_the_mail.end(), refusal.code) != about_the_mail.end();
  // "Email address is not verified": the account is in the sandbox, or the sender is not set up.
  const bool unverified = refusal.message.find("not verified") != std::string::npos;
  if (!of_mail || unverified) return ports::MailUnreachable{unverified ? "not_verified" : code};
  return ports::MailRejected{code, false};
}

ports::MailOutcome outcome_of(const client::Reply& reply) {
  if (const auto* refusal = std::get_if<client::Refusal>(&reply)) return outcome_of(*refusal);
  if (const auto* none = std::get_if<client::NoReply>(&reply)) {
    if (none->not_done && none->code == "out_of_time") return ports::MailNotBegun{};
    if (none->not_done) return ports::MailUnreachable{none->code};
    return ports::MailDeferred{none->code, true};
  }
  const auto body = Json::parse(std::get<client::Answer>(reply).body, nullptr, false);
  auto id = message::receipt_message_id(client::member(body, "MessageId"));
  if (id.empty()) return ports::MailDeferred{"bad_answer", true};
  return ports::MailAccepted{std::move(id)};
}

}  // namespace

std::vector<ports::MailOutcome> SesMailer::send(std::span<const message::Email> batch,
                                                domain::TimePoint until) {
  std::vector<ports::MailOutcome> outcomes;
  while (outcomes.size() < batch.size()) {
    if (clock_.now() >= until) {
      outcomes.resize(batch.size(), ports::MailNotBegun{});
      break;
    }
    const auto slice =
        batch.subspan(outcomes.size()).first(std::min(at_once, batch.size() - outcomes.size()));
    std::vector<client::Call> calls;
    for (const auto& mail : slice)
      calls.push_back({client::ses, "", "application/json", "/v2/email/outbound-emails",
                       request_of(mail, configuration_set_), client::Repeat::if_refused,
                       "SendEmail", false, until});
    for (const auto& reply : client_.call(calls)) outcomes.push_back(outcome_of(reply));
  }
  return outcomes;
}

}  // namespace postrider::adapters::aws::ses
