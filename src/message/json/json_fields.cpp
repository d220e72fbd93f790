#include "message/json/json_fields.hpp"

#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <unordered_set>

#include "message/email/mime.hpp"
#include "message/phone/region.hpp"
#include "message/text/nearest_name.hpp"
#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

using domain::EventLimits;
using Type = simdjson::dom::element_type;

const char* type_name(Element value) {
  switch (value.type()) {
    case Type::ARRAY: return "an array";
    case Type::OBJECT: return "an object";
    case Type::STRING: return "a string";
    case Type::BOOL: return "a boolean";
    case Type::NULL_VALUE: return "null";
    default: return "a number";
  }
}

constexpr bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
constexpr bool is_alpha(char c) { return is_alnum(c) && !(c >= '0' && c <= '9'); }

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

template <class Predicate>
bool any_character(std::string_view text, Predicate predicate) {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    if (predicate(c.code)) return true;
    at += c.bytes;
  }
  return false;
}

FieldError too_long(const Place& place, std::size_t limit) {
  return refuse("too_long", place, "at most " + std::to_string(limit) + " bytes of UTF-8");
}

bool is_locale(std::string_view text) {  // the shape of RFC 5646 §2.1, "_" for "-" as well
  std::size_t subtag = 0, count = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != '-' && text[i] != '_') {
      if (!(count == 0 ? is_alpha(text[i]) : is_alnum(text[i]))) return false;
      ++subtag;
      continue;
    }
    if (subtag == 0 || subtag > 8 || (count == 0 && subtag < 2)) return false;
    subtag = 0;
    ++count;
  }
  return true;
}

bool is_known_time_zone(std::string_view name) {
  static const auto zones = [] {
    std::unordered_set<std::string> names;
    const std::unique_ptr<icu::StringEnumeration> all{icu::TimeZone::createEnumeration()};
    UErrorCode status = U_ZERO_ERROR;
    while (const char* id = all ? all->next(nullptr, status) : nullptr) names.insert(id);
    names.erase("Etc/Unknown");
    return names;
  }();
  return zones.contains(std::string{name});
}

bool is_web_address(std::string_view text) {
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return false;
  std::string scheme{text.substr(0, scheme_end)};
  for (char& c : scheme) c = static_cast<char>(c | 0x20);
  if (scheme != "http" && scheme != "https") return false;
  const auto rest = text.substr(scheme_end + 3);
  const auto host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.empty() || !(is_alnum(host.front()) || host.front() == '[' || (host.front() & 0x80)))
    return false;
  // "https://shop.example@evil.example" shows one host and leads to another.
  if (host.find('@') != std::string_view::npos) return false;
  return !any_character(text, [](char32_t c) {
    if (c < 0x80) return c <= 0x20 || c == 0x7F || c == '"' || c == '<' || c == '>' || c == '`';
    const auto code = static_cast<UChar32>(c);
    return u_isUWhiteSpace(code) || u_charType(code) == U_FORMAT_CHAR || is_control(c);
  });
}

Failure read_string(Element value, const Place& place, std::size_t limit, std::string_view& out) {
  if (value.get(out) != simdjson::SUCCESS) return wrong_type(place, "a string", value);
  if (out.size() > limit) return too_long(place, limit);
  return std::nullopt;
}

}  // namespace

FieldError refuse(std::string code, const Place& place, std::string hint) {
  return {std::move(code), place.pointer(), std::move(hint)};
}

FieldError wrong_type(const Place& place, const char* wanted, Element found) {
  return refuse("wrong_type", place,
                std::string{"must be "} + wanted + ", not " + type_name(found));
}

std::string_view presentable(std::string_view key) {
  constexpr std::size_t max_shown = 64, max_digits = 3;
  const auto is_word = [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; };
  const auto digits =
      std::count_if(key.begin(), key.end(), [](char c) { return is_alnum(c) && !is_alpha(c); });
  // Names of fields begin with a small letter; a key with a capital may be somebody's name.
  const bool begins_small = !key.empty() && key.front() >= 'a' && key.front() <= 'z';
  const bool shown = begins_small && key.size() <= max_shown &&
                     static_cast<std::size_t>(digits) <= max_digits &&
                     std::all_of(key.begin(), key.end(), is_word);
  return shown ? key : std::string_view{};
}

FieldError unknown_field(std::string_view parent, std::string_view name,
                         std::span<const std::string_view> known) {
  constexpr std::string_view contact_names[] = {"phone", "email", "time_zone", "region"};
  const auto key = presentable(name);
  std::string pointer{parent};
  if (!key.empty()) pointer += "/" + std::string{key};
  const bool has_contact = std::find(known.begin(), known.end(), "contact") != known.end();
  if (has_contact &&
      std::find(std::begin(contact_names), std::end(contact_names), key) != std::end(contact_names))
    return {"unknown_field", pointer, "put it into \"contact\""};

  constexpr std::size_t longest_compared = 64;
  const auto compared = name.substr(0, longest_compared);
  const auto [nearest, distance] = *nearest_name(compared, known);
  if (distance <= std::max<std::size_t>(2, nearest.size() / 2))
    return {"unknown_field", pointer,
            "no such field; did you mean \"" + std::string{nearest} + "\"?"};
  std::string hint = "no such field; the nearest is \"" + std::string{nearest} + "\" of";
  for (const auto& k : known) hint.append(hint.ends_with("of") ? " " : ", ").append(k);
  return {"unknown_field", pointer,
          hint + (has_contact ? "; values for templates go into data" : "")};
}

Failure read_text(Element value, const Place& place, std::size_t limit, std::string& out) {
  std::string_view text;
  if (auto failure = read_string(value, place, limit, text)) return failure;
  if (text.find_first_not_of(' ') == std::string_view::npos)
    return refuse("empty", place, "must not be empty");
  if (any_character(text, is_control))
    return refuse("invalid_character", place, "control characters are not allowed here");
  out = text;
  return std::nullopt;
}

Failure read_text(Element value, const Place& place, std::size_t limit,
                  std::optional<std::string>& out) {
  return read_text(value, place, limit, out.emplace());
}

Failure read_bool(Element value, const Place& place, std::optional<bool>& out) {
  if (value.get(out.emplace()) != simdjson::SUCCESS)
    return wrong_type(place, "true or false", value);
  return std::nullopt;
}

Failure read_status(Element value, const Place& place, std::string& out) {
  if (auto failure = read_text(value, place, EventLimits::status, out)) return failure;
  for (char& c : out) {
    if (!is_alnum(c) && c != '_' && c != '.' && c != '-')
      return refuse("invalid_character", place,
                    "a status has letters a to z, digits, \"_\", \".\" and \"-\" only");
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  out = domain::usual_spelling(out);
  return std::nullopt;
}

Failure read_time(Element value, const Place& place, std::optional<domain::TimePoint>& out) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return wrong_type(place, "a string", value);
  out = parse_timestamp(text);
  if (!out)
    return refuse("invalid_timestamp", place,
                  "write it as RFC 3339, for example 2026-11-25T09:30:00Z");
  return std::nullopt;
}

Failure read_url(Element value, const Place& place, std::optional<std::string>& out) {
  if (auto failure = read_text(value, place, EventLimits::tracking_url, out)) return failure;
  if (!is_web_address(*out))
    return refuse("invalid_url", place, "must be an http or https address without spaces");
  return std::nullopt;
}

Failure read_phone(Element value, const Place& place, std::optional<std::string>& out) {
  std::string_view text;
  if (auto failure = read_string(value, place, EventLimits::phone, text)) return failure;
  out = text;  // not checked here: a number that can't be called is kept with its problem
  return std::nullopt;
}

Failure read_email(Element value, const Place& place, std::optional<std::string>& out) {
  if (auto failure = read_text(value, place, EventLimits::email, out)) return failure;
  if (!is_plain_address(*out))
    return refuse("invalid_email", place, "must be one plain address such as name@example.com");
  return std::nullopt;
}

Failure read_locale(Element value, const Place& place, std::optional<std::string>& out) {
  if (auto failure = read_text(value, place, EventLimits::locale, out)) return failure;
  if (!is_locale(*out))
    return refuse("invalid_locale", place, "must be a BCP 47 tag such as \"de\" or \"pt-BR\"");
  std::replace(out->begin(), out->end(), '_', '-');
  return std::nullopt;
}

Failure read_time_zone(Element value, const Place& place, std::optional<std::string>& out) {
  if (auto failure = read_text(value, place, EventLimits::time_zone, out)) return failure;
  if (!is_known_time_zone(*out))
    return refuse("unknown_time_zone", place,
                  "must be a zone of the IANA database such as \"Europe/Berlin\"");
  return std::nullopt;
}

Failure read_region(Element value, const Place& place, std::optional<std::string>& out) {
  constexpr std::size_t longest_name = 100;
  if (auto failure = read_text(value, place, longest_name, out)) return failure;
  out = region_of(*out);
  if (!out)
    return refuse("unknown_region", place,
                  "must be a country: two letters of ISO 3166 such as \"DE\", or its English name");
  return std::nullopt;
}

}  // namespace postrider::message
