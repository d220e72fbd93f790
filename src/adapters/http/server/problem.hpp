// Error answers as problem documents of RFC 9457, with the additional members `code`, `pointer` and
// `hint`. Pure. A hint is a text of the program's own and never repeats what a client sent.
#pragma once

#include <string>
#include <string_view>

#include "adapters/http/server/exchange.hpp"
#include "domain/result.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::adapters::http {

/// One error answer. Its views have to live until refuse() returns.
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

/// The problem document.
Response refuse(const Problem& problem);
/// The answer to a field error: 400 where the document is no JSON, 409 for a conflict, 413 for one
/// that is too large, else 422.
Response refuse(const message::FieldError& error);
/// The answer to a port's failure: 400 for `invalid`, else 503 with Retry-After.
Response refuse(const domain::Error& error);
/// 404. `hint`: what is missing.
Response not_found(std::string_view hint = "there is nothing at this address");
/// 405. `allow`: the value of its Allow field.
Response method_not_allowed(std::string allow);
/// 401 with WWW-Authenticate, always with the same body.
Response unauthorized();

/// The member `code` for a port's failure: "unavailable", "unreadable", "storage_full",
/// "invalid_request".
std::string_view code_of(domain::ErrorKind kind);
/// The member `hint` for a port's failure.
std::string_view hint_of(domain::ErrorKind kind);

/// The words after the status code in an answer's first line (RFC 9110 §15).
std::string_view reason_phrase(unsigned status);

/// Appends one line of an NDJSON answer: {"line":n,"error":{"code":…,"pointer":…,"hint":…}}.
void append_error_line(std::string& out, std::size_t line, std::string_view code,
                       std::string_view pointer, std::string_view hint);

}  // namespace postrider::adapters::http
