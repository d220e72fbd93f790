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

using domain::Fault;
using domain::FaultRow;

// The reasons of ConflictException, ValidationException, AccessDeniedException,
// ServiceQuotaExceededException and ResourceNotFoundException in the service's model (2022-03-31),
// 2026-11.
constexpr std::array table{
    FaultRow{"4* * DESTINATION_PHONE_NUMBER_OPTED_OUT", Fault::opted_out},
    FaultRow{"4* * DESTINATION_PHONE_NUMBER_NOT_VERIFIED", Fault::account, "the sandbox"},
    FaultRow{"4* * DESTINATION_COUNTRY_BLOCKED*", Fault::country},
    FaultRow{"4* * NO_ORIGINATION_IDENTITIES_FOUND", Fault::country},
    FaultRow{"4* * COUNTRY_CODE_MISMATCH", Fault::country},
    FaultRow{"4* * TWO_WAY_*", Fault::account},
    FaultRow{"4* * SENDER_ID_*", Fault::sender},
    FaultRow{"4* * MONTHLY_SPEND_LIMIT_REACHED_FOR_*", Fault::account},
    FaultRow{"4* * RESOURCE_NOT_ACTIVE", Fault::account, "the origination identity"},
    FaultRow{"4* * RESOURCE_NOT_ACCESSIBLE", Fault::account},
    FaultRow{"4* ResourceNotFoundException *", Fault::account, "the identity or configuration set"},
    FaultRow{"4* AccessDeniedException *", Fault::account},
    FaultRow{"4* ServiceQuotaExceededException *", Fault::account},
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
  const auto body = Json::parse(refusal.body, nullptr, false);
  const auto reason = body.is_object() ? client::text_in(body, "Reason") : std::string{};
  return client::sms_outcome(refusal, reason, table);
}

ports::SmsOutcome outcome_of(const client::Reply& reply) {
  if (const auto* none = std::get_if<client::NoReply>(&reply)) return client::sms_outcome(*none);
  if (const auto* refusal = std::get_if<client::Refusal>(&reply)) return outcome_of(*refusal);
  const auto body = Json::parse(std::get<client::Answer>(reply).body, nullptr, false);
  auto id = message::receipt_message_id(client::member(body, "MessageId"));
  if (id.empty()) return ports::SmsFailed{Fault::unknown, "bad_answer"};
  return ports::SmsAccepted{std::move(id)};
}

}  // namespace

std::span<const FaultRow> faults() { return table; }

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
