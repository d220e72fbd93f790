#include "adapters/smtp/smtp_answer.hpp"

#include <algorithm>
#include <array>

namespace postrider::adapters::smtp {
namespace {

using domain::Fault;
using domain::FaultRow;

// RFC 5321 §4.2 (replies), RFC 3463 (statuses; §3 lists them by subject), RFC 4954 §6 (AUTH), RFC
// 3207 §4 (STARTTLS), RFC 1870 §6 (SIZE), RFC 7372 §3 (authentication of mail), RFC 7505 (no mail).
constexpr std::array table{
    FaultRow{"* 421", Fault::server, "shuts down; may come at any time (RFC 5321 §3.8)"},
    FaultRow{"* 454 * relay", Fault::account, "relaying refused"},
    FaultRow{"* 454", Fault::server, "TLS or authentication not available (RFC 3207, 4954)"},
    FaultRow{"GREETING *", Fault::server, "no service here, or an end without a reply"},
    FaultRow{"EHLO auth_failed", Fault::account, "no way to log in that both know"},
    FaultRow{"EHLO *", Fault::server, "does not know us, or an end without a reply"},
    FaultRow{"STARTTLS *", Fault::server, "no TLS"},
    FaultRow{"AUTH 432", Fault::account, "a password transition is needed (RFC 4954 §4)"},
    FaultRow{"AUTH 5*", Fault::account, "534, 535, 538: the login is refused (RFC 4954 §6)"},
    FaultRow{"AUTH auth_failed", Fault::account, "no way to log in that both know"},
    FaultRow{"* 530", Fault::account, "authentication required (RFC 4954 §6)"},
    FaultRow{"* 534", Fault::account, "a stronger login is needed"},
    FaultRow{"* 535", Fault::account, "the login is not valid"},
    FaultRow{"* 538", Fault::account, "a login needs encryption"},
    FaultRow{"* 5* 5.1.7", Fault::sender, "the sender's address (RFC 3463 §3.2)"},
    FaultRow{"* 5* 5.1.8", Fault::sender, "the sender's system (RFC 3463 §3.2)"},
    FaultRow{"* 5* 5.7.20", Fault::sender, "no DKIM signature that passes (RFC 7372 §3.1)"},
    FaultRow{"* 5* 5.7.21", Fault::sender, "no DKIM signature that is acceptable"},
    FaultRow{"* 5* 5.7.22", Fault::sender, "no DKIM signature of the author's domain"},
    FaultRow{"* 5* 5.7.23", Fault::sender, "SPF refuses us (RFC 7372 §3.2)"},
    FaultRow{"* 5* 5.7.24", Fault::sender, "SPF can't be read"},
    FaultRow{"* 5* 5.7.25", Fault::sender, "our address has no name (RFC 7372 §3.3)"},
    FaultRow{"* 5* 5.7.26", Fault::sender, "DMARC: several checks failed (RFC 7372 §3.4)"},
    FaultRow{"* 5* 5.7.27", Fault::sender, "the sender's domain takes no mail (RFC 7505 §4.2)"},
    FaultRow{"MAIL 4*", Fault::server, "452: no room (RFC 5321 §4.2.3)"},
    FaultRow{"MAIL 503", Fault::server, "our commands are out of step for it"},
    FaultRow{"MAIL 552", Fault::message, "larger than it takes (RFC 1870 §6.1)"},
    FaultRow{"MAIL 5* 5.2.3", Fault::message, "larger than it takes"},
    FaultRow{"MAIL 5* 5.3.4", Fault::message, "larger than it takes (RFC 1870 §6.1)"},
    FaultRow{"MAIL 5*", Fault::sender, "550, 553: not from this address"},
    FaultRow{"RCPT 4* * relay", Fault::account, "relaying refused"},
    FaultRow{"RCPT 4* 4.3.*", Fault::server, "the mail system (RFC 3463 §3.4)"},
    FaultRow{"RCPT 4*", Fault::passing, "450, 451, 4.2.x, 4.7.x: busy, full, greylisting"},
    FaultRow{"RCPT 5* * relay", Fault::account, "relaying refused"},
    FaultRow{"RCPT 5* 5.1.1", Fault::no_recipient, "no such mailbox (RFC 3463 §3.2)"},
    FaultRow{"RCPT 5* 5.1.6", Fault::no_recipient, "moved away (RFC 3463 §3.2)"},
    FaultRow{"RCPT 5* 5.1.10", Fault::no_recipient, "a domain without mail (RFC 7505 §4.1)"},
    FaultRow{"RCPT 503", Fault::server, "our commands are out of step for it"},
    FaultRow{"RCPT 5*", Fault::recipient, "550, 551, 553"},
    FaultRow{"DATA 4* 4.3.*", Fault::server, "the mail system (RFC 3463 §3.4)"},
    FaultRow{"DATA 4* 4.4.*", Fault::server, "the network behind it (RFC 3463 §3.5)"},
    FaultRow{"DATA 4* 4.2.*", Fault::passing, "the mailbox (RFC 3463 §3.3)"},
    FaultRow{"DATA 452", Fault::server, "no room (RFC 5321 §4.2.3)"},
    FaultRow{"DATA 4*", Fault::passing, "450, 451, 4.7.x: greylisting"},
    FaultRow{"DATA 503", Fault::server, "our commands are out of step for it"},
    FaultRow{"DATA 5*", Fault::message, "554"},
    FaultRow{"BODY 4* 4.3.*", Fault::server, "the mail system (RFC 3463 §3.4)"},
    FaultRow{"BODY 4* 4.4.*", Fault::server, "the network behind it (RFC 3463 §3.5)"},
    FaultRow{"BODY 4* 4.2.*", Fault::passing, "the mailbox (RFC 3463 §3.3)"},
    FaultRow{"BODY 452", Fault::server, "no room (RFC 5321 §4.2.3)"},
    FaultRow{"BODY 4*", Fault::passing, "450, 451, 4.7.x: greylisting"},
    FaultRow{"BODY 5* 5.1.1", Fault::no_recipient, "no such mailbox (RFC 3463 §3.2)"},
    FaultRow{"BODY 5* 5.1.6", Fault::no_recipient, "moved away (RFC 3463 §3.2)"},
    FaultRow{"BODY 5* 5.1.10", Fault::no_recipient, "a domain without mail (RFC 7505 §4.1)"},
    FaultRow{"BODY 5* 5.1.*", Fault::recipient, "the address (RFC 3463 §3.2)"},
    FaultRow{"BODY 5* 5.2.*", Fault::recipient, "the mailbox (RFC 3463 §3.3)"},
    FaultRow{"BODY 5*", Fault::message, "552, 554: refused for what it says or its size"},
    FaultRow{"BODY *", Fault::unknown, "no reply, or no complete one, to the whole mail"},
    FaultRow{"*", Fault::server, "any other end: no DNS, connection, TLS; hung up; silent"},
};

constexpr std::array<std::string_view, stage_count> stages{
    "CONNECT", "GREETING", "EHLO",   "STARTTLS", "AUTH", "MAIL",
    "RCPT",    "DATA",     "UPLOAD", "BODY",     "QUIT"};

std::string answer_of(const SmtpEnd& end) {
  std::string answer{name(end.stage)};
  if (end.reply == 0) return answer + " " + end.end;
  answer += " " + std::to_string(end.reply) + " " + (end.status.empty() ? "-" : end.status);
  return end.relaying ? answer + " relay" : answer;
}

std::string code_of(const SmtpEnd& end) {
  if (end.reply == 0) return end.end;
  const bool login = end.stage == Stage::auth && end.reply / 100 == 5;
  return login ? "auth_failed" : "smtp_" + std::to_string(end.reply);
}

}  // namespace

std::string_view name(Stage stage) { return stages[static_cast<std::size_t>(stage)]; }

std::string status_of(std::string_view line) {
  constexpr std::size_t code_and_blank = 4;  // a '-' where more lines follow
  if (line.size() <= code_and_blank) return "";
  line.remove_prefix(code_and_blank);
  const auto status = line.substr(0, line.find_first_not_of("0123456789."));
  return std::count(status.begin(), status.end(), '.') == 2 ? std::string{status} : "";
}

std::span<const FaultRow> faults() { return table; }

ports::MailFailed outcome_of(const SmtpEnd& end) {
  return {*domain::find_fault(table, answer_of(end)), code_of(end)};
}

}  // namespace postrider::adapters::smtp
