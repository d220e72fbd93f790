#include "adapters/aws/ses/mailer.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/aws/client/text.hpp"
#include "message/json/receipt_fields.hpp"

namespace postrider::adapters::aws::ses {
namespace {

using domain::Fault;
using domain::FaultRow;
using Json = nlohmann::json;

constexpr std::size_t at_once = 10;

// "SendEmail" of the API reference, 2026-11. Where the text says "not verified", the code counts as
// "NotVerified": the account is in the sandbox, or the sender is not set up.
constexpr std::array table{
    FaultRow{"* * throttle", Fault::throttled},
    FaultRow{"* * stale", Fault::process, "an old clock or token"},
    FaultRow{"5*", Fault::unknown},
    FaultRow{"4* * not_verified", Fault::account, "the sandbox, or the sender is not set up"},
    FaultRow{"4* MessageRejected", Fault::message},
    FaultRow{"4* BadRequestException", Fault::message},
    FaultRow{"4* RequestTimeout*", Fault::server, "our request came too slowly"},
    FaultRow{"4*", Fault::account, "AccountSuspended, SendingPaused, NotFound, AccessDenied, …"},
    FaultRow{"none not_done", Fault::server, "no byte was written: no connection, TLS, DNS"},
    FaultRow{"*", Fault::unknown, "any other end"},
};

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
  const bool unverified = refusal.message.find("not verified") != std::string::npos;
  const auto* const reason = unverified ? "not_verified" : "";
  const auto fault = *domain::find_fault(table, client::fault_key(refusal, reason));
  return ports::MailFailed{fault, unverified ? reason : client::lower_code(refusal.code)};
}

ports::MailOutcome outcome_of(const client::Reply& reply) {
  if (const auto* refusal = std::get_if<client::Refusal>(&reply)) return outcome_of(*refusal);
  if (const auto* none = std::get_if<client::NoReply>(&reply)) {
    if (none->not_done && none->code == "out_of_time") return ports::MailNotBegun{};
    return ports::MailFailed{*domain::find_fault(table, client::fault_key(*none)), none->code};
  }
  const auto body = Json::parse(std::get<client::Answer>(reply).body, nullptr, false);
  auto id = message::receipt_message_id(client::member(body, "MessageId"));
  if (id.empty()) return ports::MailFailed{Fault::unknown, "bad_answer"};
  return ports::MailAccepted{std::move(id)};
}

}  // namespace

std::span<const FaultRow> faults() { return table; }

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
