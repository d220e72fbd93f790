#include "message/text/tracking_link.hpp"

namespace postrider::message {
namespace {

constexpr bool is_unreserved(char c) {  // RFC 3986 §2.3
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void append_encoded(std::string& out, std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : value) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

}  // namespace

std::string tracking_link(std::string_view pattern, std::string_view order_id,
                          std::string_view status) {
  constexpr std::string_view order_place = "{order_id}", status_place = "{status}";
  std::string link;
  link.reserve(pattern.size() + order_id.size() + status.size());
  // One pass over the pattern, so that a value which looks like a place stays a value.
  while (!pattern.empty()) {
    if (pattern.starts_with(order_place)) {
      append_encoded(link, order_id);
      pattern.remove_prefix(order_place.size());
    } else if (pattern.starts_with(status_place)) {
      append_encoded(link, status);
      pattern.remove_prefix(status_place.size());
    } else {
      link += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return link;
}

}  // namespace postrider::message
