#include "adapters/aws/end_user_messaging/sms_carrier.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/aws/client/sms_outcome.hpp"
#include "adapters/aws/client/text.hpp"
#include "message/json/receipt_fields.hpp"

namespace postrider::adapters::aws::end_user_messaging {
namespace {

using Json = nlohmann::json;

// SendTextMessage of the service's model (2022-03-31): TimeToLive 5 to 259200 seconds.
constexpr std::int64_t shortest_life = 5;
constexpr std::int64_t longest_life = 259'200;

// Reasons that are about our account or its set-up, as AccessDeniedException always is; all others
// are about the message.
constexpr std::array<std::string_view, 4> about_us{
    "DESTINATION_PHONE_NUMBER_NOT_VERIFIED",  // the account is in the sandbox
    "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
    "RESOURCE_NOT_ACTIVE",  // of the origination identity
    "RESOURCE_NOT_ACCESSIBLE",
};

std::string request_of(const ports::Sms& sms, const EndUserMessagingSettings& settings) {
  Json request{
      {"DestinationPhoneNumber", sms.to},
      {"MessageBody", sms.text},
      {"MessageType", sms.type == domain::SmsType::promotional ? "PROMOTIONAL" : "TRANSACTIONAL"},
      {"Context",
       {{"notification", domain::to_string(sms.reference)},
        {"attempt", std::to_string(sms.attempt_no)}}}};
  const auto& identity =
      settings.origination_identity.empty() ? sms.sender_id : settings.origination_identity;
  if (!identity.empty()) request["OriginationIdentity"] = identity;
  if (!settings.configuration_set.empty())
    request["ConfigurationSetName"] = settings.configuration_set;
  if (const auto price = client::max_price(sms.max_price); !price.empty())
    request["MaxPrice"] = price;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(sms.validity).count();
  if (seconds > 0) request["TimeToLive"] = std::clamp(seconds, shortest_life, longest_life);
  return request.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ports::SmsOutcome outcome_of(const client::Refusal& refusal) {
  const auto general = client::sms_outcome(refusal);
  const auto body = Json::parse(refusal.body, nullptr, false);
  const auto reason = body.is_object() ? body.value("Reason", Json{}) : Json{};
  if (!reason.is_string() || refusal.status / 100 != 4 || client::is_throttle(refusal))
    return general;
  const auto& text = reason.get_ref<const std::string&>();
  const auto code = client::lower_code(text);
  if (text == "DESTINATION_PHONE_NUMBER_OPTED_OUT") return ports::SmsRefused{code, true, true};
  const bool ours = std::find(about_us.begin(), about_us.end(), text) != about_us.end() ||
                    std::holds_alternative<ports::SmsAccountProblem>(general);
  if (ours) return ports::SmsAccountProblem{code};
  return ports::SmsRefused{code, true, false};
}

ports::SmsOutcome outcome_of(const client::Reply& reply) {
  if (const auto* none = std::get_if<client::NoReply>(&reply)) return client::sms_outcome(*none);
  if (const auto* refusal = std::get_if<client::Refusal>(&reply)) return outcome_of(*refusal);
  const auto body = Json::parse(std::get<client::Answer>(reply).body, nullptr, false);
  auto id = message::receipt_message_id(client::member(body, "MessageId"));
  if (id.empty()) return ports::SmsUnknown{"bad_answer"};
  return ports::SmsAccepted{std::move(id)};
}

}  // namespace

std::vector<ports::SmsOutcome> EndUserMessagingCarrier::submit(std::span<const ports::Sms> batch,
                                                               domain::TimePoint until) {
  std::vector<client::Call> calls;
  for (const auto& sms : batch)
    calls.push_back({client::end_user_messaging, "PinpointSMSVoiceV2.SendTextMessage",
                     "application/x-amz-json-1.0", "/", request_of(sms, settings_),
                     client::Repeat::never, "", false, until});
  std::vector<ports::SmsOutcome> outcomes;
  for (const auto& reply : client_.call(calls)) outcomes.push_back(outcome_of(reply));
  return outcomes;
}

}  // namespace postrider::adapters::aws::end_user_messaging
