#include "adapters/http_carrier/answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/http_carrier/receipt_json.hpp"
#include "domain/delivery/receipt_limits.hpp"
#include "message/json/receipt_fields.hpp"

namespace postrider::adapters::http_carrier {
namespace {

using nlohmann::json;

// Refusals that end by themselves (RFC 9110 §15.5, RFC 4918 §11.3, RFC 8470 §5.2). All other
// refusals are about the message and are permanent.
constexpr std::array temporary_statuses{408, 409, 423, 425};
constexpr std::array account_statuses{401, 402, 403};

template <std::size_t n>
bool is_in(const std::array<int, n>& list, int status) {
  return std::find(list.begin(), list.end(), status) != list.end();
}

bool flag(const json& body, const char* key, bool otherwise) {
  const auto found = body.find(key);
  return found != body.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

std::string text(const json& body, const char* key) {
  const auto found = body.find(key);
  return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The wait that a Retry-After header asks for in seconds. Its date form is rare with 429 and
/// counts as the default.
domain::Milliseconds wait_of(std::string_view header) {
  int seconds = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (error == std::errc::result_out_of_range) return longest_retry_after;
  if (header.empty() || error != std::errc{} || end != header.data() + header.size() || seconds < 0)
    return default_retry_after;
  return std::min(longest_retry_after, domain::Milliseconds{std::int64_t{1000} * seconds});
}

}  // namespace

ports::SmsOutcome outcome_of(const wire::HttpAnswer& answer) {
  const json parsed = json::parse(answer.body, nullptr, false);
  const bool is_object = parsed.is_object();
  const json body = is_object ? parsed : json::object();
  const std::string status_code = "http_" + std::to_string(answer.status);
  const int hundreds = answer.status / 100;
  if (hundreds == 2) {
    const auto found = body.find("message_id");
    auto id = found == body.end() ? std::string{} : message::receipt_message_id(*found);
    if (!domain::is_message_id(id)) return ports::SmsUnknown{"bad_answer"};
    return ports::SmsAccepted{std::move(id)};
  }
  if (hundreds != 4) return ports::SmsUnknown{status_code};
  if (!answer.length_known && !is_object) return ports::SmsUnknown{"incomplete_answer"};
  if (answer.status == 429) return ports::SmsThrottled{wait_of(answer.header("retry-after"))};
  std::string code = detail_code(text(body, "code"));
  if (code.empty()) code = status_code;
  if (flag(body, "opted_out", false)) return ports::SmsRefused{code, true, true};
  if (is_in(account_statuses, answer.status)) return ports::SmsAccountProblem{code};
  const bool for_good = flag(body, "permanent", !is_in(temporary_statuses, answer.status));
  return ports::SmsRefused{code, for_good, false};
}

}  // namespace postrider::adapters::http_carrier
