#include "adapters/http/api/record_json.hpp"

#include "message/json/order_event_json.hpp"
#include "message/money/money_text.hpp"
#include "message/phone/phone.hpp"

namespace postrider::adapters::http {
namespace {

using domain::State;

Json time_json(domain::TimePoint t) { return message::format_timestamp(t); }

template <class T>
Json time_json(const std::optional<T>& t) {
  return t ? time_json(*t) : Json(nullptr);
}

/// The channel by which the notification goes or went; null where it went by none.
Json channel_of(const domain::Notification& n) {
  switch (n.state) {
    case State::accepted:
    case State::deferred:
    case State::sending_sms:
    case State::unknown:
    case State::sms_sent:
    case State::delivered: return "sms";
    case State::email_due:
    case State::sending_email:
    case State::emailed:
    case State::bounced: return "email";
    case State::no_contact:
    case State::superseded:
    case State::discarded:
    case State::dead: break;
  }
  if (n.email_tries > 0) return "email";
  return n.sms_submitted || n.sms_tries > 0 ? Json("sms") : Json(nullptr);
}

Json receipt_json(const std::optional<domain::Receipt>& receipt) {
  if (!receipt) return nullptr;
  return {{"outcome", domain::name(receipt->outcome)},
          {"detail", or_null(receipt->detail)},
          {"proof", domain::name(receipt->proof)},
          {"price", receipt->price ? Json(message::print_money(*receipt->price)) : Json(nullptr)},
          {"at", time_json(receipt->at)}};
}

Json attempt_json(const domain::Attempt& attempt) {
  const auto& s = attempt.submission;
  const bool sms = s.channel == domain::Channel::sms;
  return {{"no", attempt.no},
          {"channel", domain::name(s.channel)},
          {"carrier", s.carrier},
          {"message_id", or_null(s.message_id)},
          {"outcome", domain::name(s.outcome)},
          {"error", or_null(s.error)},
          {"encoding", sms ? Json(domain::name(s.encoding)) : Json(nullptr)},
          {"segments", sms ? Json(s.segments) : Json(nullptr)},
          {"price", sms ? Json(message::print_money(s.price)) : Json(nullptr)},
          {"at", time_json(s.at)},
          {"receipt", receipt_json(attempt.receipt)},
          {"late_receipts", attempt.late_receipts}};
}

}  // namespace

Json or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string mask_email(const std::string& address) {
  const auto at = address.rfind('@');
  const auto dot = address.rfind('.');
  if (at == std::string::npos || at == 0 || dot == std::string::npos || dot < at + 2) return "…";
  // A first character outside ASCII is left out, because its first octet alone is no UTF-8.
  const auto first = [&address](std::size_t i) {
    return static_cast<unsigned char>(address[i]) < 0x80 ? address.substr(i, 1) : std::string{};
  };
  return first(0) + "…@" + first(at + 1) + "…" + address.substr(dot);
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json record_json(const domain::Notification& n) {
  return {{"id", domain::to_string(n.id)},
          {"state", domain::name(n.state)},
          {"channel", channel_of(n)},
          {"order_id", n.order_id},
          {"customer_id", n.customer_id},
          {"status", n.status},
          {"parcel", or_null(n.parcel)},
          {"mode", n.mode == domain::Mode::test ? "test" : "live"},
          {"priority", n.priority == domain::Priority::high ? "high" : "normal"},
          {"phone",
           n.content.phone.empty() ? Json(nullptr) : Json(message::mask_phone(n.content.phone))},
          {"email", n.content.email.empty() ? Json(nullptr) : Json(mask_email(n.content.email))},
          {"locale", or_null(n.content.locale)},
          {"country", or_null(n.content.country)},
          {"template", or_null(n.content.template_version)},
          {"type", domain::name(n.content.sms_type)},
          {"segments", n.content.segments},
          {"estimate", message::print_money(n.estimate)},
          {"spent", message::print_money(n.spent)},
          {"created_at", time_json(n.created_at)},
          {"occurred_at", time_json(n.occurred_at)},
          {"due_at", time_json(n.due_at)},
          {"reason", or_null(n.reason)},
          {"proof", n.proof == domain::Proof::none ? Json(nullptr) : Json(domain::name(n.proof))}};
}

Json record_json(const domain::NotificationDetails& details) {
  Json json = record_json(details.notification);
  json["history"] = Json::array();
  for (const auto& entry : details.history)
    json["history"].push_back(
        {{"at", time_json(entry.at)},
         {"from", entry.from ? Json(domain::name(*entry.from)) : Json(nullptr)},
         {"to", domain::name(entry.to)},
         {"cause", entry.cause}});
  json["attempts"] = Json::array();
  for (const auto& attempt : details.attempts) json["attempts"].push_back(attempt_json(attempt));
  return json;
}

}  // namespace postrider::adapters::http
