// The answers of `postrider explain` to one line of input: one JSON object each, without a line
// end. Thread-safe.
#pragma once

#include <string>

namespace postrider::programs {

/// The SMS parts of a text. `line`: the text as a JSON string. Answers {"text","encoding",
/// "segments","units","replaced":[{"from","to"}],"original":{"encoding","segments"}}, or {"error"}.
std::string explain_segments(const std::string& line);

/// A phone number as it is read. `region`: country of numbers without a country code. Answers
/// {"input","valid","e164","region","type","reason"}; a member without a value is null.
std::string explain_phone(const std::string& line, const std::string& region);

/// A provider's receipt as it is read. `format`: "sns", "eum" or "ses". Answers {"message_id",
/// "outcome","proof","detail","at","price","segments","error"}; a member without a value is null,
/// `error` is the reason why the line is no receipt.
std::string explain_receipt(const std::string& line, const std::string& format);

}  // namespace postrider::programs
