// Errors as RFC 9457 problem documents with our own members `code`, `pointer` and `hint`. A hint is
// the program's own text: it never repeats what a client sent.
#pragma once

#include <string>
#include <string_view>

#include "adapters/http/server/exchange.hpp"
#include "domain/result.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::adapters::http {

struct Problem {
  unsigned status = 400;
  std::string_view code;
  std::string_view hint;
  std::string_view pointer = {};
  int retry_after = 0;  // seconds; 0: no Retry-After
};

inline constexpr Problem body_too_large{
    .status = 413,
    .code = "too_large",
    .hint = "the body is over 256 KiB; send many events as application/x-ndjson"};

Response refuse(const Problem& problem);
/// A field error: 400 where the document is no JSON, 409 for a conflict, else 422.
Response refuse(const message::FieldError& error);
/// A port that failed: 503 with Retry-After, or 400 for what makes no sense to it.
Response refuse(const domain::Error& error);
Response not_found();
/// 405 with `allow` as its Allow field.
Response method_not_allowed(std::string allow);
/// 401 with WWW-Authenticate, always the same body.
Response unauthorized();

/// "unavailable", "storage_full", …
std::string_view code_of(domain::ErrorKind kind);
std::string_view hint_of(domain::ErrorKind kind);

std::string_view reason_phrase(unsigned status);

/// {"line":n,"error":{"code":…,"pointer":…,"hint":…}} and a line end.
void append_error_line(std::string& out, std::size_t line, std::string_view code,
                       std::string_view pointer, std::string_view hint);

}  // namespace postrider::adapters::http
