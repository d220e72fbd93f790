// What `postrider explain` answers to one line of input: one JSON object, without a line end.
// Thread-safe.
#pragma once

#include <string>

namespace postrider::programs {

/// `line`: a JSON string. {"text","encoding","segments","units","replaced":[{"from","to"}],
/// "original":{"encoding","segments"}}
std::string explain_segments(const std::string& line);

/// {"input","valid","e164","region","type","reason"}; null where there is nothing to say.
std::string explain_phone(const std::string& line, const std::string& region);

/// How `format` ("sns", "eum", "ses") is read:
/// {"message_id","outcome","proof","detail","at","price", "segments","error"}; null where there is
/// nothing to say, `error` why the line is no receipt.
std::string explain_receipt(const std::string& line, const std::string& format);

}  // namespace postrider::programs
