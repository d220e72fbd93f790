// The outcome of a mail that the end of its SMTP dialogue stands for. Pure; the table is in the
// source.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ports/mailer.hpp"

namespace postrider::adapters::smtp {

/// What the server's next reply answers.
enum class Stage : std::uint8_t {
  connect,   // nothing yet: there is no connection
  greeting,  // the connection
  ehlo,
  starttls,
  auth,
  mail,
  rcpt,
  data,
  upload,  // nothing: the mail is on its way, without its final dot
  body,    // the whole mail
  quit,
};
inline constexpr std::size_t stage_count = 11;
/// Its name in the table: "RCPT".
std::string_view name(Stage stage);

/// The enhanced status (RFC 3463) in a line of a reply: "550 5.1.1 no such user" → "5.1.1"; empty
/// where the line has none.
std::string status_of(std::string_view line);

/// The end of a dialogue.
struct SmtpEnd {
  Stage stage = Stage::connect;
  int reply = 0;          // the complete reply that ended it; 0: there was none
  std::string status;     // its enhanced status, such as "5.1.1"; empty: none
  bool relaying = false;  // its text is about relaying, which is refused to strangers
  std::string end;        // without a reply, how it ended: "dns_failed", "timeout", "dropped" …
};

/// The table of faults. A reply reads "<STAGE> <reply> <status or -> [relay]" there, an end without
/// a reply "<STAGE> <end>".
std::span<const domain::FaultRow> faults();

/// The outcome of a mail that was not taken.
ports::MailFailed outcome_of(const SmtpEnd& end);

}  // namespace postrider::adapters::smtp
