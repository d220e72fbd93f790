// An e-mail as the octets of RFC 5322 and MIME: CRLF line ends, lines ≤ 998, RFC 2047 for non-ASCII
// headers, multipart/alternative (text, HTML) in base64. Control characters in a header are
// refused, because a line break would let a value add headers of its own. Pure.
#pragma once

#include <string>

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "message/email/email.hpp"

namespace postrider::message {

/// The whole message. `date`: of its Date header, written in UTC. Error `invalid` when a header has
/// a control character or is too long, or when `from` or `to` is no plain address; `what` names the
/// header, never its value.
domain::Result<std::string> to_mime(const Email& email, domain::TimePoint date);

/// The Message-ID that to_mime() gives `email`, without brackets: derived from the reference and
/// the sender's domain, so that the copies of a mail that was sent more than once have the same.
std::string message_id_of(const Email& email);

/// True for one plain addr-spec (RFC 5321 §4.1.2): a dot-atom, "@" and a domain with a dot; no
/// quotes, no display name.
bool is_plain_address(std::string_view address);

/// True for a plain address, alone or after a name: "orders@example.com",
/// "Shop <orders@example.com>".
bool is_mailbox(std::string_view text);

}  // namespace postrider::message
