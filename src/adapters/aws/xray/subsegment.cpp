#include "adapters/aws/xray/subsegment.hpp"

#include <nlohmann/json.hpp>

namespace postrider::adapters::aws::xray {
namespace {

using Json = nlohmann::ordered_json;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool is_root(std::string_view text) {
  constexpr std::size_t size = 35, second_dash = 10;
  return text.size() == size && text.starts_with("1-") && text[second_dash] == '-' &&
         is_hex(text.substr(2, 8)) && is_hex(text.substr(second_dash + 1));
}

/// X-Ray counts in seconds since 1970.
double seconds(domain::TimePoint time) {
  return static_cast<double>(domain::to_unix_ms(time)) / 1000;
}

/// The service's name as the SDKs write it.
std::string name_of(const client::Service& service) {
  if (service.id == client::dynamodb.id) return "DynamoDB";
  if (service.id == client::ses.id) return "SES";
  if (service.id == client::end_user_messaging.id) return "PinpointSMSVoiceV2";
  return std::string{service.id};
}

}  // namespace

std::optional<Trace> parse_trace(std::string_view header) {
  Trace trace;
  bool sampled = false;
  while (!header.empty()) {
    const auto part = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(part.size() + 1, header.size()));
    if (part.starts_with("Root=")) trace.root = part.substr(5);
    if (part.starts_with("Parent=")) trace.parent = part.substr(7);
    if (part == "Sampled=1") sampled = true;
  }
  constexpr std::size_t parent_size = 16;
  if (!sampled || !is_root(trace.root) || trace.parent.size() != parent_size ||
      !is_hex(trace.parent))
    return std::nullopt;
  return trace;
}

std::string subsegment(const Trace& trace, std::string_view id, std::string_view region,
                       const client::CallReport& report) {
  Json document{{"type", "subsegment"},
                {"id", id},
                {"trace_id", trace.root},
                {"parent_id", trace.parent},
                {"name", name_of(report.service)},
                {"namespace", "aws"},
                {"start_time", seconds(report.began)},
                {"end_time", seconds(report.ended)}};
  document["aws"] = {{"operation", report.operation}, {"region", region}};
  if (report.tries > 1) document["aws"]["retries"] = report.tries - 1;
  if (report.status != 0) document["http"]["response"]["status"] = report.status;
  constexpr int throttled = 429, server_error = 500;
  if (report.throttled || report.status == throttled) document["throttle"] = true;
  if (report.status == 0 || report.status >= server_error)
    document["fault"] = true;
  else if (report.status / 100 == 4)
    document["error"] = true;
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace postrider::adapters::aws::xray
