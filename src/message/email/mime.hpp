// An e-mail as the octets of RFC 5322 and MIME: CRLF line ends, lines ≤ 998, RFC 2047 for non-ASCII
// headers, multipart/alternative (text, HTML) in base64. Control characters in a header are
// refused.
#pragma once

#include <string>

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "message/email/email.hpp"

namespace postrider::message {

/// Error `invalid` when a header value has a control character or the address can't be one.
domain::Result<std::string> to_mime(const Email& email, domain::TimePoint date);

/// The Message-ID that to_mime() gives it, without brackets: derived from reference and attempt.
std::string message_id_of(const Email& email);

/// One plain addr-spec (RFC 5321 §4.1.2, no quotes, no display name) with a dot-atom and a domain.
bool is_plain_address(std::string_view address);

}  // namespace postrider::message
