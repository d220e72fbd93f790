#include "adapters/aws/sns/sms_carrier.hpp"

#include "adapters/aws/client/sms_outcome.hpp"
#include "adapters/aws/client/text.hpp"
#include "adapters/aws/sns/form.hpp"

namespace postrider::adapters::aws::sns {
namespace {

ports::SmsOutcome outcome_of(const client::Reply& reply) {
  if (const auto* none = std::get_if<client::NoReply>(&reply)) return client::sms_outcome(*none);
  if (const auto* refusal = std::get_if<client::Refusal>(&reply))
    return client::sms_outcome(*refusal);
  const std::string id{
      client::between(std::get<client::Answer>(reply).body, "<MessageId>", "</MessageId>")};
  if (id.empty()) return ports::SmsFailed{domain::Fault::unknown, "bad_answer"};
  return ports::SmsAccepted{id};
}

}  // namespace

std::string publish_form(const ports::Sms& sms, const std::string& origination_number) {
  Form form{"Publish"};
  form.add("PhoneNumber", sms.to);
  form.add("Message", sms.text);
  form.add_attribute("AWS.SNS.SMS.SMSType", "String",
                     sms.type == domain::SmsType::promotional ? "Promotional" : "Transactional");
  form.add_attribute("AWS.SNS.SMS.SenderID", "String", sms.sender_id);
  form.add_attribute("AWS.SNS.SMS.MaxPrice", "Number", client::max_price(sms.max_price));
  form.add_attribute("AWS.MM.SMS.OriginationNumber", "String", origination_number);
  return form.take();
}

std::vector<ports::SmsOutcome> SnsSmsCarrier::submit(std::span<const ports::Sms> batch,
                                                     domain::TimePoint until) {
  std::vector<client::Call> calls;
  for (const auto& sms : batch)
    calls.push_back({client::sns, "", "application/x-www-form-urlencoded", "/",
                     publish_form(sms, origination_number_), client::Repeat::never, "Publish",
                     false, until});
  std::vector<ports::SmsOutcome> outcomes;
  for (const auto& reply : client_.call(calls)) outcomes.push_back(outcome_of(reply));
  return outcomes;
}

}  // namespace postrider::adapters::aws::sns
