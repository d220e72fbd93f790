#include "adapters/aws/client/exchange.hpp"
#include "adapters/aws/client/text.hpp"
#include "wire/http_date.hpp"

#include <nlohmann/json.hpp>

namespace postrider::adapters::aws::client {
namespace {

/// The error's name alone: X of "com.amazonaws.dynamodb.v20120810#X", "X:http://…" and "X".
std::string bare(std::string_view type) {
  type = type.substr(0, type.find(':'));
  const auto hash = type.rfind('#');
  return std::string{hash == std::string_view::npos ? type : type.substr(hash + 1)};
}

/// The refusal in an answer. JSON protocols name the error in the body or in a header, the query
/// protocol in XML.
Refusal refusal_of(wire::HttpAnswer answer) {
  Refusal refusal;
  refusal.status = answer.status;
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  if (body.is_object()) {
    refusal.code = bare(text_in(body, "__type"));
    if (refusal.code.empty()) refusal.code = bare(text_in(body, "code"));
    refusal.message = text_in(body, "message");
    if (refusal.message.empty()) refusal.message = text_in(body, "Message");
  } else {
    refusal.code = between(answer.body, "<Code>", "</Code>");
    refusal.message = between(answer.body, "<Message>", "</Message>");
  }
  if (refusal.code.empty()) refusal.code = bare(answer.header("x-amzn-errortype"));
  if (refusal.code.empty()) refusal.code = "http_" + std::to_string(answer.status);
  refusal.body = std::move(answer.body);
  return refusal;
}

/// True where a part of the body may be missing, because only the end of the connection ended it.
bool may_be_cut(const wire::HttpAnswer& answer) { return !answer.length_known; }

}  // namespace

std::string request_text(const Call& call, const wire::Url& url, std::string_view region,
                         const Credentials& credentials, domain::TimePoint now) {
  std::string path = url.target;
  if (path.ends_with('/')) path.pop_back();
  path += call.path;
  Headers headers{{"content-type", call.content_type}, {"host", url.authority}};
  if (!call.target.empty()) headers.emplace_back("x-amz-target", call.target);
  const auto added =
      sign({"POST", path, headers, call.body}, {region, call.service.signing}, credentials, now);
  std::string text = "POST " + path + " HTTP/1.1\r\n";
  for (const auto* list : {&std::as_const(headers), &added})
    for (const auto& [name, value] : *list) text += name + ": " + value + "\r\n";
  text += "User-Agent: postrider\r\nAccept-Encoding: identity\r\nContent-Length: " +
          std::to_string(call.body.size()) + "\r\n\r\n";
  return text + call.body;
}

Reply reply_of(Ending ending, bool& may_be_done) {
  const bool before = may_be_done;
  if (const auto* none = std::get_if<wire::NoAnswer>(&ending)) {
    may_be_done = may_be_done || !none->nothing_written;
    return NoReply{none->code, !may_be_done};
  }
  auto& answer = std::get<wire::HttpAnswer>(ending);
  if (may_be_cut(answer)) {
    may_be_done = true;
    return NoReply{"incomplete_answer", false};
  }
  if (answer.status / 100 == 2) return Answer{std::move(answer.body), before};
  auto refusal = refusal_of(std::move(answer));
  refusal.repeated = before;
  may_be_done = may_be_done || (refusal.status >= 500 && !is_throttle(refusal));
  return refusal;
}

Stale stale(const Ending& ending) {
  const auto* answer = std::get_if<wire::HttpAnswer>(&ending);
  if (answer == nullptr || may_be_cut(*answer)) return Stale::nothing;
  return stale(refusal_of(*answer));
}

std::optional<domain::Milliseconds> clock_offset(const Ending& ending, domain::TimePoint now) {
  const auto* answer = std::get_if<wire::HttpAnswer>(&ending);
  if (answer == nullptr) return std::nullopt;
  const auto date = wire::http_date(answer->header("date"));
  if (!date) return std::nullopt;
  return *date - now;
}

bool may_repeat(Repeat repeat, const Ending& ending) {
  if (repeat == Repeat::never) return false;
  if (const auto* none = std::get_if<wire::NoAnswer>(&ending))
    return repeat == Repeat::safe || none->nothing_written;
  const auto& answer = std::get<wire::HttpAnswer>(ending);
  if (may_be_cut(answer)) return repeat == Repeat::safe;
  if (answer.status / 100 == 2) return false;
  if (is_throttle(refusal_of(answer))) return true;
  return repeat == Repeat::safe && answer.status >= 500;
}

}  // namespace postrider::adapters::aws::client
