// The dialogue with an SMTP server as a listener of libcurl's follows it: which answer is awaited,
// and the last reply. It keeps codes and names of extensions, never an address, a login or a text.
// Pure. For one thread. libcurl itself tells only how the whole of an exchange ended.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/smtp/smtp_answer.hpp"

namespace postrider::adapters::smtp {

class SmtpDialogue {
 public:
  /// Begins an exchange. `reused`: on a connection that has had one before.
  void begin(bool reused);

  // What happens, in its order.
  void connected();                     // TCP, and TLS where it is implicit, may still come
  void command(std::string_view line);  // a line that went out
  void reply(std::string_view line);    // a line that came in
  void octets_went();                   // of the mail
  void mail_ended();                    // all its octets are with libcurl: the dot may go out

  Stage stage() const { return stage_; }
  /// The complete reply to the last command; 0: none yet.
  int reply_code() const { return complete_ ? code_ : 0; }
  /// True where a complete reply says no.
  bool refused() const { return complete_ && code_ >= 400; }
  /// True where the whole mail was taken: 2yz, whatever its other digits (RFC 5321 §4.2.1).
  bool taken() const { return stage_ == Stage::body && complete_ && code_ / 100 == 2; }
  /// The end by a reply; without one `end` names how it ended.
  SmtpEnd end(std::string end) const;
  /// The extensions that the last EHLO was answered with: "SIZE 10240000", "SMTPUTF8" …
  const std::vector<std::string>& extensions() const { return extensions_; }

 private:
  void expect(Stage stage);

  Stage stage_ = Stage::connect;
  bool ended_ = false;  // QUIT was sent: what comes is no answer to the mail
  int code_ = 0;
  bool complete_ = false;
  std::string status_;
  bool relaying_ = false;
  bool to_ehlo_ = false;  // the reply that comes is that to EHLO
  std::vector<std::string> extensions_;
};

}  // namespace postrider::adapters::smtp
