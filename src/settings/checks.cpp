#include "settings/checks.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "message/email/mime.hpp"
#include "message/phone/phone.hpp"
#include "message/phone/region.hpp"
#include "message/text/ascii.hpp"
#include "message/text/language.hpp"
#include "message/text/tracking_link.hpp"
#include "settings/units.hpp"

namespace postrider::settings {
namespace {

constexpr std::size_t max_sender_name = 11;  // septets that an alphanumeric address has room for
constexpr std::size_t max_digits = 15;       // E.164

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string locale_mistake(std::string_view locale) {
  if (message::has_language(locale)) return {};
  const auto meant = message::language_called(locale);
  return "is no locale such as \"de\" or \"pt-BR\"" +
         (meant.empty() ? "" : " (did you mean \"" + meant + "\"?)");
}

std::string country_mistake(std::string_view country) {
  if (message::is_phone_region(country)) return {};
  const auto meant = message::region_of(country);
  return "is no two-letter country such as \"DE\" (ISO 3166)" +
         (meant && message::is_phone_region(*meant) ? " (did you mean \"" + *meant + "\"?)" : "");
}

std::string tracking_link_mistake(std::string_view pattern) {
  static const std::vector<std::string> places{"order_id", "status"};
  for (auto rest = pattern; !rest.empty();) {
    const auto open = rest.find_first_of("{}");
    if (open == rest.npos) break;
    const auto close = rest.find('}', open);
    if (rest[open] == '}' || close == rest.npos) return "has a brace without its other";
    const auto name = rest.substr(open + 1, close - open - 1);
    if (std::find(places.begin(), places.end(), name) == places.end()) {
      const auto best = nearest(name, places);
      return "has no value for {" + std::string{name} + "}, only for {order_id} and {status}" +
             (best.empty() ? "" : " (did you mean {" + best + "}?)");
    }
    rest.remove_prefix(close + 1);
  }
  if (!is_web_link(std::string{pattern})) return "must begin with https:// or http:// and a host";
  if (pattern.find_first_of(" <>\"") != pattern.npos)
    return "has a character that no link may have";
  return {};
}

std::string unsubscribe_mistake(const std::string& link) {
  constexpr std::string_view mail = "mailto:";
  const auto address = std::string_view{link}.substr(0, link.find('?'));
  const bool by_web = link.starts_with("https://") && !host_of_url(link).empty();
  const bool by_mail =
      address.starts_with(mail) && message::is_plain_address(address.substr(mail.size()));
  if (!by_web && !by_mail) return "must be https:// with a host, or mailto: with an address";
  if (link.find_first_of(" <>{}\"") != link.npos)
    return "has a character that no link may have; it is the same for all customers";
  return {};
}

std::string sender_mistake(std::string_view sender) {
  if (sender.empty()) return {};
  const auto number = sender.starts_with('+') ? sender.substr(1) : sender;
  if (!number.empty() && std::all_of(number.begin(), number.end(), message::is_digit))
    return number.size() <= max_digits ? "" : "has more digits than a number (15)";
  if (sender.size() > max_sender_name)
    return "is a name of " + std::to_string(sender.size()) +
           " characters; phones show 11, and carriers refuse more";
  const auto fits = [](char c) { return c >= ' ' && c < 0x7f && c != '`'; };
  if (!std::all_of(sender.begin(), sender.end(), fits))
    return "has a character that no sender may have: use letters, digits, blanks";
  if (std::none_of(sender.begin(), sender.end(), is_letter))
    return "is neither a number nor a name with a letter";
  return {};
}

std::string aws_sender_mistake(std::string_view sender) {
  auto mistake = sender_mistake(sender);
  if (sender.empty() || !mistake.empty()) return mistake;
  if (std::none_of(sender.begin(), sender.end(), is_letter))
    return "is a number: name it in sms.origination_identity";
  const auto fits = [](char c) { return is_letter(c) || message::is_digit(c) || c == '-'; };
  if (!std::all_of(sender.begin(), sender.end(), fits))
    return "has a character other than letters, digits and dashes, which AWS refuses";
  return {};
}

bool is_web_link(const std::string& url) {
  return (url.starts_with("http://") || url.starts_with("https://")) && !host_of_url(url).empty();
}

}  // namespace postrider::settings
