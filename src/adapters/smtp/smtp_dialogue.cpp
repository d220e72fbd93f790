#include "adapters/smtp/smtp_dialogue.hpp"

#include <algorithm>
#include <array>

#include "message/text/ascii.hpp"

namespace postrider::adapters::smtp {
namespace {

constexpr std::size_t max_extensions = 50;  // a server that never ends its list is cut off

struct Verb {
  std::string_view word;
  Stage stage;
};
constexpr std::array<Verb, 8> verbs{{{"EHLO", Stage::ehlo},
                                     {"HELO", Stage::ehlo},
                                     {"STARTTLS", Stage::starttls},
                                     {"AUTH", Stage::auth},
                                     {"MAIL", Stage::mail},
                                     {"RCPT", Stage::rcpt},
                                     {"DATA", Stage::data},
                                     {"QUIT", Stage::quit}}};

/// The line without its end.
std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' '))
    line.remove_suffix(1);
  return line;
}

/// The code of a line of a reply (RFC 5321 §4.2); 0: it is none.
int code_of(std::string_view line) {
  if (line.size() < 3) return 0;
  int code = 0;
  for (const char c : line.substr(0, 3)) {
    if (!message::is_digit(c)) return 0;
    code = 10 * code + (c - '0');
  }
  return code >= 200 && (line.size() == 3 || line[3] == ' ' || line[3] == '-') ? code : 0;
}

}  // namespace

void SmtpDialogue::begin(bool reused) {
  const auto known = std::move(extensions_);
  *this = {};
  if (!reused) return;
  extensions_ = known;
  expect(Stage::mail);
}

void SmtpDialogue::expect(Stage stage) {
  stage_ = stage;
  code_ = 0;
  complete_ = false;
  status_.clear();
  relaying_ = false;
}

void SmtpDialogue::connected() {
  if (stage_ == Stage::connect) expect(Stage::greeting);
}

void SmtpDialogue::command(std::string_view line) {
  if (ended_) return;
  const auto word = trimmed(line.substr(0, line.find_first_of(" \r\n")));
  const auto* const verb = std::find_if(verbs.begin(), verbs.end(),
                                        [&](const Verb& known) { return known.word == word; });
  // Any other line continues a login, and so does whatever answers 334 (RFC 4954 §4).
  const bool goes_on = stage_ == Stage::auth && code_ == 334;
  const auto stage = verb == verbs.end() || goes_on ? Stage::auth : verb->stage;
  if (stage == Stage::quit) {
    ended_ = true;
    return;
  }
  to_ehlo_ = word == "EHLO";
  if (stage == Stage::ehlo) extensions_.clear();
  expect(stage);
}

void SmtpDialogue::reply(std::string_view line) {
  line = trimmed(line);
  const int code = code_of(line);
  if (ended_ || code == 0) return;
  connected();
  code_ = code;
  complete_ = line.size() == 3 || line[3] == ' ';
  if (status_.empty()) status_ = status_of(line);
  relaying_ = relaying_ || message::lower(line).find("relay") != std::string::npos;
  if (to_ehlo_ && code == 250 && line.size() > 4 && extensions_.size() < max_extensions)
    extensions_.emplace_back(line.substr(4));
}

void SmtpDialogue::octets_went() {
  if (!ended_ && stage_ == Stage::data) expect(Stage::upload);
}

void SmtpDialogue::mail_ended() {
  octets_went();
  if (!ended_ && stage_ == Stage::upload) expect(Stage::body);
}

SmtpEnd SmtpDialogue::end(std::string end) const {
  if (refused()) return {stage_, code_, status_, relaying_, {}};
  return {stage_, 0, {}, false, std::move(end)};
}

}  // namespace postrider::adapters::smtp
