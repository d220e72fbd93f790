// What the end of an SMTP dialogue means for one mail. Pure; the table is in the source.
#pragma once

#include <string>
#include <string_view>

#include "ports/mailer.hpp"

namespace postrider::adapters::smtp {

/// The enhanced status of a reply's line: "550 5.1.1 no such user" → "5.1.1"; empty where none is.
std::string status_of(std::string_view line);

/// How far the dialogue came and how it ended.
struct SmtpEnd {
  int curl = 0;            // CURLcode
  int reply = 0;           // the last reply code that came, 0: none
  std::string status;      // its enhanced status (RFC 3463), such as "5.1.1"; empty: none
  bool data_sent = false;  // DATA was answered by 354 and octets of the mail went out
};

/// RFC 5321 §4.2.1: 4yz passes, 5yz stays. Doubt is deferred. Connections and
/// what is about our own account or the server (421; 530, 534, 535, 538 of RFC 4954 §6; a greeting
/// that turns us away; TLS) is unreachable, unless the mail was under way already.
ports::MailOutcome outcome_of(const SmtpEnd& end, const std::string& message_id);

}  // namespace postrider::adapters::smtp
