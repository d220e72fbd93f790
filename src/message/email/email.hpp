// Composes the fallback e-mail: subject, text and HTML part, headers. Values are escaped for HTML.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "domain/notification.hpp"

namespace postrider::message {

/// One mail to one person, before it becomes octets (mime.hpp).
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

struct EmailSettings {
  std::string from;             // "Shop <orders@example.com>"
  std::string unsubscribe_url;  // https URL or mailto: for List-Unsubscribe; may be empty
  std::string shop_name;
};

/// The text and HTML parts end with a line that says why this comes by e-mail.
Email compose_email(const domain::Notification& n, const EmailSettings& settings);

std::string escape_html(std::string_view text);

}  // namespace postrider::message
