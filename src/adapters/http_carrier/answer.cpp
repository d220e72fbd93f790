#include "adapters/http_carrier/answer.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "adapters/http_carrier/receipt_json.hpp"
#include "domain/delivery/receipt_limits.hpp"
#include "message/json/receipt_fields.hpp"
#include "wire/http_date.hpp"

namespace postrider::adapters::http_carrier {
namespace {

using domain::Fault;
using domain::FaultRow;
using nlohmann::json;
using ports::SmsFailed;

// RFC 9110 §15, RFC 6585 §4, RFC 8470 §5.2 (425), RFC 4918 §11.3 (423).
constexpr std::array table{
    FaultRow{"429", Fault::throttled},
    FaultRow{"401", Fault::account},
    FaultRow{"402", Fault::account},
    FaultRow{"403", Fault::account},
    FaultRow{"407 plain", Fault::server, "a proxy wants to know who we are"},
    FaultRow{"404 plain", Fault::server, "nothing is there: a wrong address, or no backend"},
    FaultRow{"405 plain", Fault::server},
    FaultRow{"410 plain", Fault::server},
    FaultRow{"421", Fault::server, "misdirected"},
    FaultRow{"408", Fault::passing},
    FaultRow{"409", Fault::passing},
    FaultRow{"423", Fault::passing},
    FaultRow{"425", Fault::passing},
    FaultRow{"4*", Fault::message},
    FaultRow{"not_written", Fault::server, "no byte was written: no connection, TLS, DNS"},
    FaultRow{"*", Fault::unknown, "5xx, 3xx, 1xx, 2xx without an id, no answer"},
};

bool flag(const json& body, const char* key, bool otherwise) {
  const auto found = body.find(key);
  return found != body.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

std::string text(const json& body, const char* key) {
  const auto found = body.find(key);
  return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The fault that the carrier's own words in a refusal name, else `fault`. "permanent" counts where
/// the message is at fault, or nobody else is known to be.
Fault by_words(Fault fault, const json& body) {
  if (flag(body, "opted_out", false)) return Fault::opted_out;
  const auto named = domain::parse_fault(text(body, "fault"));
  if (named && *named != Fault::unknown) return *named;
  if (!domain::effect_of(fault).of_message && fault != Fault::server) return fault;
  if (!body.contains("permanent")) return fault;
  return flag(body, "permanent", true) ? Fault::message : Fault::passing;
}

}  // namespace

std::span<const FaultRow> faults() { return table; }

ports::SmsOutcome outcome_of(const wire::HttpAnswer& answer, domain::TimePoint now) {
  const json parsed = json::parse(answer.body, nullptr, false);
  const bool is_object = parsed.is_object();
  const json body = is_object ? parsed : json::object();
  const std::string status = std::to_string(answer.status);
  const int hundreds = answer.status / 100;
  if (hundreds == 2) {
    const auto found = body.find("message_id");
    auto id = found == body.end() ? std::string{} : message::receipt_message_id(*found);
    if (!domain::is_message_id(id)) return SmsFailed{Fault::unknown, "bad_answer"};
    return ports::SmsAccepted{std::move(id)};
  }
  if (hundreds == 4 && !answer.length_known && !is_object)
    return SmsFailed{Fault::unknown, "incomplete_answer"};
  auto code = detail_code(text(body, "code"));
  const bool plain = code.empty();
  auto fault = domain::find_fault(table, status + (plain ? " plain" : "")).value_or(Fault::unknown);
  if (hundreds == 4) fault = by_words(fault, body);
  if (plain) code = "http_" + status;
  const auto wait = wire::retry_after(answer.header("retry-after"), now);
  return SmsFailed{fault, std::move(code), wait.value_or(domain::Milliseconds{0})};
}

ports::SmsOutcome outcome_of(const wire::NoAnswer& none) {
  const auto* const end = none.nothing_written ? "not_written" : "cut";
  return SmsFailed{*domain::find_fault(table, end), none.code};
}

}  // namespace postrider::adapters::http_carrier
