#include "adapters/http/server/problem.hpp"

#include <algorithm>
#include <array>

#include "adapters/http/server/json_text.hpp"

namespace postrider::adapters::http {
namespace {

/// Codes of texts that are no proper JSON document. All other codes are about a field.
constexpr std::array<std::string_view, 6> not_json{"invalid_json", "invalid_utf8", "duplicate_key",
                                                   "too_deep",     "empty_body",   "not_an_object"};

unsigned status_of(std::string_view code) {
  if (code == "conflict") return 409;
  if (code == "too_large") return 413;
  return std::ranges::find(not_json, code) != not_json.end() ? 400 : 422;
}

void append_detail(std::string& out, std::string_view code, std::string_view pointer,
                   std::string_view hint) {
  out += "\"code\":";
  append_json(out, code);
  out += ",\"pointer\":";
  append_json(out, pointer);
  out += ",\"hint\":";
  append_json(out, hint);
}

constexpr int retry_when_unavailable = 2;  // seconds
constexpr int retry_when_full = 10;        // seconds; the operator has to make room first

}  // namespace

Response refuse(const Problem& problem) {
  Response response;
  response.status = problem.status;
  response.content_type = "application/problem+json";
  auto& out = response.body;
  out = "{\"type\":\"about:blank\",\"title\":";
  append_json(out, reason_phrase(problem.status));
  out += ",\"status\":";
  out += std::to_string(problem.status);
  out += ',';
  append_detail(out, problem.code, problem.pointer, problem.hint);
  out += '}';
  if (problem.retry_after > 0)
    response.headers.emplace_back("Retry-After", std::to_string(problem.retry_after));
  return response;
}

Response refuse(const message::FieldError& error) {
  return refuse({.status = status_of(error.code),
                 .code = error.code,
                 .hint = error.hint,
                 .pointer = error.pointer});
}

Response refuse(const domain::Error& error) {
  const bool invalid = error.kind == domain::ErrorKind::invalid;
  const bool full = error.kind == domain::ErrorKind::storage_full;
  const int wait = full ? retry_when_full : retry_when_unavailable;
  return refuse({.status = invalid ? 400U : 503U,
                 .code = code_of(error.kind),
                 .hint = hint_of(error.kind),
                 .retry_after = invalid ? 0 : wait});
}

Response not_found(std::string_view hint) {
  return refuse({.status = 404, .code = "not_found", .hint = hint});
}

Response method_not_allowed(std::string allow) {
  auto response = refuse({.status = 405,
                          .code = "method_not_allowed",
                          .hint = "use one of the methods in the Allow field"});
  response.headers.emplace_back("Allow", std::move(allow));
  return response;
}

Response unauthorized() {
  auto response = refuse({.status = 401,
                          .code = "unauthorized",
                          .hint = "send a valid API key or signature with the request"});
  response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"postrider\"");
  return response;
}

std::string_view code_of(domain::ErrorKind kind) {
  switch (kind) {
    case domain::ErrorKind::storage_full: return "storage_full";
    case domain::ErrorKind::invalid: return "invalid_request";
    case domain::ErrorKind::corrupt: return "unreadable";
    case domain::ErrorKind::unavailable:
    case domain::ErrorKind::too_new:
    case domain::ErrorKind::locked: break;
  }
  return "unavailable";
}

std::string_view hint_of(domain::ErrorKind kind) {
  switch (kind) {
    case domain::ErrorKind::storage_full:
      return "there is no room to store this now; nothing was stored, send it again later";
    case domain::ErrorKind::invalid: return "a parameter has a value that can't be used here";
    case domain::ErrorKind::corrupt:
      return "what is stored for this can't be read: the record is damaged or of a newer version; "
             "the operator finds it in the log and with \"postrider verify\"";
    case domain::ErrorKind::unavailable:
    case domain::ErrorKind::too_new:
    case domain::ErrorKind::locked: break;
  }
  return "the store can't be reached now; nothing was stored, send it again later";
}

std::string_view reason_phrase(unsigned status) {
  const auto phrase =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  if (status == 413) return "Content Too Large";
  if (status == 422) return "Unprocessable Content";
  return {phrase.data(), phrase.size()};
}

void append_error_line(std::string& out, std::size_t line, std::string_view code,
                       std::string_view pointer, std::string_view hint) {
  out += "{\"line\":";
  out += std::to_string(line);
  out += ",\"error\":{";
  append_detail(out, code, pointer, hint);
  out += "}}\n";
}

}  // namespace postrider::adapters::http
