// A parser of the receipts that a generic HTTP carrier posts to /v1/receipts/http: one receipt as a
// JSON object, an array of receipts, or one a line (NDJSON). Pure and thread-safe. The caller
// checks the signature first.
#pragma once

#include <string_view>
#include <variant>

#include "message/json/receipt_batch.hpp"

namespace postrider::adapters::http_carrier {

inline constexpr std::size_t max_receipts = 10'000;

/// A receipt: {"message_id" (text or whole number), "status", and optionally "detail", "at" (RFC
/// 3339 or Unix seconds or milliseconds; else `now`), "price" (in whole currency units, number or
/// text), "segments", "proof" ("handset", "carrier", "none")}. Other keys are ignored, and so is an
/// optional one that can't be read (receipt_fields.hpp). An unknown status is not final and has the
/// detail "unknown_status". Of several receipts, the good ones are taken and each of the others has
/// its error in the batch. A FieldError as the result: the body has none of the three forms, has
/// more than `max_receipts`, or is a single receipt that is wrong. No value of the body is ever in
/// an error.
std::variant<message::ReceiptBatch, message::FieldError> parse_receipts(std::string_view body,
                                                                        std::string_view carrier,
                                                                        domain::TimePoint now);

/// A carrier's words as a code of [a-z0-9_.-]{1,40}; "free_text" where the words might hold a
/// person's number or address or are too long for a code. Empty for empty.
std::string detail_code(std::string_view text);

}  // namespace postrider::adapters::http_carrier
