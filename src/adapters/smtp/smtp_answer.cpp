#include "adapters/smtp/smtp_answer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>

namespace postrider::adapters::smtp {
namespace {

using domain::Fault;

constexpr const char* dropped = "dropped";
constexpr int shutting_down = 421;  // RFC 5321 §3.8: may come in place of any answer

/// The code for an end of libcurl's.
struct Row {
  int curl;
  const char* code;
};

// Ends that say nothing about the mail itself.
constexpr std::array<Row, 12> ends_without_reply{{
    {CURLE_COULDNT_RESOLVE_HOST, "dns_failed"},
    {CURLE_COULDNT_CONNECT, "connect_failed"},
    {CURLE_OPERATION_TIMEDOUT, "timeout"},
    {CURLE_USE_SSL_FAILED, "tls_not_offered"},
    {CURLE_SSL_CONNECT_ERROR, "tls_failed"},
    {CURLE_PEER_FAILED_VERIFICATION, "tls_not_trusted"},
    {CURLE_SSL_CACERT_BADFILE, "tls_no_authorities"},
    {CURLE_LOGIN_DENIED, "auth_failed"},
    {CURLE_REMOTE_ACCESS_DENIED, "greeting_refused"},
    {CURLE_RECV_ERROR, dropped},
    {CURLE_GOT_NOTHING, dropped},
    {CURLE_OUT_OF_MEMORY, "no_memory"},
}};

constexpr std::array account_replies{530, 534, 535, 538};

// Statuses of a dead address: no such mailbox, moved away (RFC 3463 §3.2), a domain without mail
// (RFC 7505).
constexpr std::array<std::string_view, 3> dead_address{"5.1.1", "5.1.6", "5.1.10"};

std::string reply_code(int reply) { return "smtp_" + std::to_string(reply); }

}  // namespace

std::string status_of(std::string_view line) {
  constexpr std::size_t code_and_blank = 4;  // a '-' where more lines follow
  if (line.size() <= code_and_blank) return "";
  line.remove_prefix(code_and_blank);
  const auto status = line.substr(0, line.find_first_not_of("0123456789."));
  return std::count(status.begin(), status.end(), '.') == 2 ? std::string{status} : "";
}

ports::MailOutcome outcome_of(const SmtpEnd& end, const std::string& message_id) {
  if (end.curl == CURLE_OK) return ports::MailAccepted{message_id};
  const auto* const row =
      std::find_if(ends_without_reply.begin(), ends_without_reply.end(),
                   [&end](const Row& candidate) { return candidate.curl == end.curl; });
  if (row != ends_without_reply.end()) {
    // Octets of the mail went out, so that the server may have accepted it.
    return ports::MailFailed{end.data_sent ? Fault::unknown : Fault::server, row->code};
  }
  // libcurl ends with CURLE_SEND_ERROR where MAIL or RCPT was refused, and with
  // CURLE_WEIRD_SERVER_REPLY where the greeting or the mail itself was.
  const bool about_the_mail =
      end.curl == CURLE_SEND_ERROR || (end.curl == CURLE_WEIRD_SERVER_REPLY && end.data_sent);
  const bool account =
      std::find(account_replies.begin(), account_replies.end(), end.reply) != account_replies.end();
  const auto code = reply_code(end.reply);
  if (account) return ports::MailFailed{Fault::account, code};
  if (about_the_mail && end.reply / 100 == 5) {
    const bool dead =
        std::find(dead_address.begin(), dead_address.end(), end.status) != dead_address.end();
    return ports::MailFailed{dead ? Fault::no_recipient : Fault::recipient, code};
  }
  if (end.reply == shutting_down) return ports::MailFailed{Fault::server, code};
  if (end.reply / 100 != 4 && end.reply / 100 != 5)
    return ports::MailFailed{end.data_sent ? Fault::unknown : Fault::server, dropped};
  return ports::MailFailed{about_the_mail ? Fault::passing : Fault::server, code};
}

}  // namespace postrider::adapters::smtp
