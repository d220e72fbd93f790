// The fallback e-mail of a notification: subject, text and HTML part, headers. Pure, so safe from
// any thread. All values are escaped for HTML, because they come from shops and their customers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "domain/notification.hpp"

namespace postrider::message {

/// One mail to one person, before to_mime() makes it octets (mime.hpp).
struct Email {
  domain::NotificationId reference;
  int attempt_no = 0;
  std::string from;     // RFC 5322 mailbox
  std::string to;       // one address, no display name
  std::string subject;  // UTF-8, no control characters
  std::string text;
  std::string html;
  std::vector<std::pair<std::string, std::string>> headers;  // List-Unsubscribe, …
};

/// The part of a mail that is the same for all mails of a shop.
struct EmailSettings {
  std::string from;             // "Shop <orders@example.com>"
  std::string unsubscribe_url;  // https URL or mailto: for List-Unsubscribe; may be empty
  std::string shop_name;
};

/// The mail of `n`, from its composed content. The text and HTML parts end with a line that says
/// why the message comes by e-mail, by the class of `n.reason`. Header fields: Auto-Submitted (RFC
/// 3834 §5), List-Unsubscribe (RFC 2369 §3.2) and, for an https link, List-Unsubscribe-Post (RFC
/// 8058 §3.1).
Email compose_email(const domain::Notification& n, const EmailSettings& settings);

/// `text` with & < > " ' as character references: safe between tags and in quoted attributes.
std::string escape_html(std::string_view text);

}  // namespace postrider::message
