#include "message/email/mime.hpp"
#include "message/text/ascii.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>

#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

using domain::Error;
using domain::ErrorKind;

constexpr std::size_t preferred_line = 78;    // RFC 5322 §2.1.1
constexpr std::size_t max_line = 998;         // RFC 5322 §2.1.1
constexpr std::size_t max_encoded_line = 76;  // RFC 2047 §2, RFC 2045 §6.8
// A header's first words stay readable up to this many bytes, encoded words follow.
constexpr std::size_t max_plain_start = 40;
constexpr std::string_view word_start = "=?UTF-8?B?", word_end = "?=";

Error invalid(const char* what) { return {ErrorKind::invalid, what}; }

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}

bool has_control(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    if (c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0)) return true;
    at += c.bytes;
  }
  return false;
}

constexpr bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

constexpr bool is_atext(char c) {  // RFC 5322 §3.2.3
  return is_alnum(c) ||
         (c != '\0' && std::string_view{"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::string_view::npos);
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

/// Appends `text` as encoded words of RFC 2047, the first of them at `column` of the line. No
/// character is cut in two (RFC 2047 §5).
void append_encoded_words(std::string& out, std::string_view text, std::size_t column) {
  constexpr std::size_t overhead = word_start.size() + word_end.size();
  while (!text.empty()) {
    const std::size_t room =
        max_encoded_line > column + overhead ? max_encoded_line - column - overhead : 0;
    const std::size_t max_bytes = std::min(room, max_encoded_line - 1 - overhead) / 4 * 3;
    std::size_t taken = 0;
    while (taken < text.size()) {
      const auto c = character_at(text, taken);
      if (taken + c.bytes > max_bytes) break;
      taken += c.bytes;
    }
    if (taken > 0) {
      out.append(word_start).append(base64(text.substr(0, taken))).append(word_end);
      text.remove_prefix(taken);
    }
    if (text.empty()) break;
    out += "\r\n ";
    column = 1;
  }
}

/// An unstructured header (RFC 5322 §2.2.1). A value that is ASCII and short stays readable.
std::string unstructured(std::string_view name, std::string_view value) {
  std::string line = std::string{name} + ": ";
  const bool plain = is_ascii(value) && line.size() + value.size() <= preferred_line &&
                     value.find("=?") == std::string_view::npos;
  if (plain) return line.append(value).append("\r\n");
  // The words before the first one that must be encoded stay as they are: "Order Update - ".
  std::size_t kept = 0;
  for (std::size_t i = 0;
       i < std::min(value.size(), max_plain_start) && is_ascii(value.substr(i, 1)); ++i) {
    if (value.substr(i).starts_with("=?")) break;
    if (value[i] == ' ') kept = i + 1;
  }
  line += value.substr(0, kept);
  append_encoded_words(line, value.substr(kept), line.size());
  return line + "\r\n";
}

/// A mailbox of RFC 5322 §3.4, taken apart.
struct Mailbox {
  std::string display;  // may be empty
  std::string_view address;
};

/// The mailbox in "Shop <a@b>", "\"Shop\" <a@b>" or "a@b". The address is not checked here.
Mailbox split_mailbox(std::string_view text) {
  text = trimmed(text);
  const auto open = text.rfind('<');
  if (open == std::string_view::npos || !text.ends_with('>')) return {{}, text};
  auto written = trimmed(text.substr(0, open));
  const bool quoted = written.size() >= 2 && written.starts_with('"') && written.ends_with('"');
  if (quoted) written = written.substr(1, written.size() - 2);
  std::string display;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (quoted && written[i] == '\\' && i + 1 < written.size()) ++i;  // RFC 5322 §3.2.1
    display += written[i];
  }
  return {std::move(display), text.substr(open + 1, text.size() - open - 2)};
}

std::string mailbox_header(std::string_view name, const Mailbox& mailbox) {
  std::string line = std::string{name} + ": ";
  const auto& display = mailbox.display;
  const std::string address =
      display.empty() ? std::string{mailbox.address} : "<" + std::string{mailbox.address} + ">";
  const bool is_phrase =
      std::all_of(display.begin(), display.end(), [](char c) { return c == ' ' || is_atext(c); });
  if (!is_ascii(display) || display.size() > max_plain_start ||
      display.find("=?") != std::string_view::npos) {
    append_encoded_words(line, display, line.size());
  } else if (is_phrase) {
    line += display;
  } else {
    line += '"';
    for (const char c : display) {
      if (c == '"' || c == '\\') line += '\\';
      line += c;
    }
    line += '"';
  }
  const auto last_line =
      line.size() - (line.rfind('\n') == std::string::npos ? 0 : line.rfind('\n'));
  if (!display.empty()) line += last_line + address.size() > max_encoded_line ? "\r\n " : " ";
  return line + address + "\r\n";
}

std::string date_header(domain::TimePoint t) {
  constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto midnight = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day day{midnight};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t - midnight).count();
  char text[64];
  std::snprintf(text, sizeof text, "Date: %s, %u %s %04d %02d:%02d:%02d +0000\r\n",
                days[std::chrono::weekday{midnight}.c_encoding()], static_cast<unsigned>(day.day()),
                months[static_cast<unsigned>(day.month()) - 1], static_cast<int>(day.year()),
                static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                static_cast<int>(seconds % 60));
  return text;
}

/// Appends one part of the multipart body: its headers and `text` in canonical form (RFC 2046
/// §4.1.1: line ends are CRLF) as base64 lines.
void append_part(std::string& out, std::string_view type, std::string_view text) {
  std::string canonical;
  canonical.reserve(text.size() + text.size() / 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n' || text[i] == '\r') {
      canonical += "\r\n";
    } else {
      canonical += text[i];
    }
  }
  out.append("Content-Type: ").append(type).append("; charset=utf-8\r\n");
  out += "Content-Transfer-Encoding: base64\r\n\r\n";
  const auto encoded = base64(canonical);
  for (std::size_t at = 0; at < encoded.size(); at += max_encoded_line)
    out.append(encoded, at, max_encoded_line).append("\r\n");
}

bool is_header_name(std::string_view name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

/// The name of the first header with which `email` can't be sent safely; nullptr: all are fine.
const char* problem_of(const Email& email, const Mailbox& from) {
  if (has_control(email.from) || !is_plain_address(from.address)) return "from";
  if (!is_plain_address(email.to)) return "to";
  if (has_control(email.subject)) return "subject";
  for (const auto& [name, value] : email.headers)
    if (!is_header_name(name) || has_control(value) || !is_ascii(value) ||
        name.size() + value.size() + 2 > max_line)
      return "header";
  return nullptr;
}

}  // namespace

bool is_plain_address(std::string_view address) {
  constexpr std::size_t longest = 254, longest_local = 64, longest_label = 63;  // RFC 5321 §4.5.3.1
  const auto at = address.rfind('@');
  if (address.size() > longest || at == std::string_view::npos || at > longest_local) return false;
  // A dot-atom (RFC 5322 §3.2.3): atoms with single dots between.
  const auto local = address.substr(0, at);
  if (local.empty() || local.starts_with('.') || local.ends_with('.') ||
      local.find("..") != std::string_view::npos ||
      !std::all_of(local.begin(), local.end(), [](char c) { return c == '.' || is_atext(c); }))
    return false;

  auto rest = address.substr(at + 1);
  int labels = 0;
  while (true) {
    const auto dot = rest.find('.');
    const auto label = rest.substr(0, dot);
    if (label.empty() || label.size() > longest_label || label.starts_with('-') ||
        label.ends_with('-') ||
        !std::all_of(label.begin(), label.end(), [](char c) { return c == '-' || is_alnum(c); }))
      return false;
    ++labels;
    if (dot == std::string_view::npos) {
      const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
      return labels >= 2 && !std::all_of(label.begin(), label.end(), is_digit);
    }
    rest.remove_prefix(dot + 1);
  }
}

bool is_mailbox(std::string_view text) {
  return !has_control(text) && is_plain_address(split_mailbox(text).address);
}

std::string message_id_of(const Email& email) {
  const auto address = split_mailbox(email.from).address;
  const auto at = address.rfind('@');
  std::string id = to_string(email.reference) + "@";
  return id.append(at == std::string_view::npos ? "localhost" : address.substr(at + 1));
}

domain::Result<std::string> to_mime(const Email& email, domain::TimePoint date) {
  const auto from = split_mailbox(email.from);
  if (const char* problem = problem_of(email, from)) return invalid(problem);

  // Base64 has no "=_", so the boundary is in no part.
  const std::string boundary = "=_" + to_string(email.reference);
  std::string mime;
  mime.reserve(1024 + (email.text.size() + email.html.size()) * 3 / 2);
  mime += date_header(date);
  mime += mailbox_header("From", from);
  mime += mailbox_header("To", {{}, email.to});
  mime += unstructured("Subject", email.subject);
  mime += "Message-ID: <" + message_id_of(email) + ">\r\n";
  for (const auto& [name, value] : email.headers) mime += name + ": " + value + "\r\n";
  mime += "MIME-Version: 1.0\r\n";
  mime += "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
  mime += "--" + boundary + "\r\n";
  append_part(mime, "text/plain", email.text);
  mime += "--" + boundary + "\r\n";
  append_part(mime, "text/html", email.html);
  mime += "--" + boundary + "--\r\n";
  return mime;
}

}  // namespace postrider::message
