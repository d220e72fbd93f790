// Checks of single values that people write into settings and texts. Pure. Each gives the mistake
// as the end of a sentence about the value, empty where there is none.
#pragma once

#include <string>
#include <string_view>

namespace postrider::settings {

/// Of a locale such as "de" or "pt-BR".
std::string locale_mistake(std::string_view locale);

/// Of a two-letter country that has phone numbers, ISO 3166.
std::string country_mistake(std::string_view country);

/// Of the pattern of a tracking link: a link of the web with {order_id} and {status}.
std::string tracking_link_mistake(std::string_view pattern);

/// Of the link of List-Unsubscribe: https with a host, or mailto with an address.
std::string unsubscribe_mistake(const std::string& link);

/// Of the sender of an SMS: digits of a number or short code, or a name of at most 11 letters,
/// digits, blanks and signs, one of them a letter (GSM 03.38 alphanumeric address).
std::string sender_mistake(std::string_view sender);

/// Of the sender of an SMS by AWS: a name of at most 11 letters, digits and dashes, one of them a
/// letter (End User Messaging, sender ids). Numbers are origination identities there.
std::string aws_sender_mistake(std::string_view sender);

/// True for a link of the web with a host.
bool is_web_link(const std::string& url);

}  // namespace postrider::settings
