// The outcome of a mail that the end of its SMTP dialogue stands for. Pure; the table is in the
// source.
#pragma once

#include <string>
#include <string_view>

#include "ports/mailer.hpp"

namespace postrider::adapters::smtp {

/// The enhanced status (RFC 3463) in a line of a reply: "550 5.1.1 no such user" → "5.1.1"; empty
/// where the line has none.
std::string status_of(std::string_view line);

/// The end of a dialogue, and how far it came.
struct SmtpEnd {
  int curl = 0;            // CURLcode
  int reply = 0;           // the last reply code that came; 0: none
  std::string status;      // its enhanced status (RFC 3463), such as "5.1.1"; empty: none
  bool data_sent = false;  // DATA was answered by 354 and octets of the mail went out
};

/// The outcome: 4yz is temporary and 5yz permanent (RFC 5321 §4.2.1). An end without a reply is
/// unknown where octets of the mail went out.
ports::MailOutcome outcome_of(const SmtpEnd& end, const std::string& message_id);

}  // namespace postrider::adapters::smtp
