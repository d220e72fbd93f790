// A reader of JSON objects by a table of their fields, with the checks that every field needs:
// type, length, characters, duplicate and unknown keys. Pure. For json/*.cpp alone: others use
// order_event_json.hpp.
#pragma once

#include <simdjson.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/intake/order_event.hpp"
#include "domain/intake/status.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::message {

/// The result of a reader: an error, or nothing where `out` has the value.
using Failure = std::optional<FieldError>;
using Element = simdjson::dom::element;

/// A field's place in the document. It becomes a JSON pointer only for an error, because making one
/// costs an allocation.
struct Place {
  std::string_view parent;  // "" or "/contact"
  std::string_view name;

  std::string pointer() const { return std::string{parent} + "/" + std::string{name}; }
};

/// The error `code` at `place`.
FieldError refuse(std::string code, const Place& place, std::string hint);

/// One field of an object: its name, and the function that reads its value into a Target.
template <class Target>
struct Field {
  std::string_view name;
  bool required;
  Failure (*read)(Element value, const Place& place, Target& target);
};

/// Reads a non-empty string of at most `limit` bytes without control characters.
Failure read_text(Element value, const Place& place, std::size_t limit, std::string& out);
Failure read_text(Element value, const Place& place, std::size_t limit,
                  std::optional<std::string>& out);

Failure read_bool(Element value, const Place& place, std::optional<bool>& out);
/// Reads a status as lower case. Error "invalid_character": more than [A-Za-z0-9_.-].
Failure read_status(Element value, const Place& place, std::string& out);
/// Reads what parse_timestamp() takes. Error "invalid_timestamp".
Failure read_time(Element value, const Place& place, std::optional<domain::TimePoint>& out);
/// Reads an http or https address without user or password. Error "invalid_url".
Failure read_url(Element value, const Place& place, std::optional<std::string>& out);
/// Reads a phone number without checking more than its length.
Failure read_phone(Element value, const Place& place, std::optional<std::string>& out);
/// Reads an address that is_plain_address() takes. Error "invalid_email".
Failure read_email(Element value, const Place& place, std::optional<std::string>& out);
/// Reads a tag in the shape of BCP 47, "_" for "-" as well. Error "invalid_locale".
Failure read_locale(Element value, const Place& place, std::optional<std::string>& out);
/// Reads a name of the IANA time zone database. Error "unknown_time_zone".
Failure read_time_zone(Element value, const Place& place, std::optional<std::string>& out);
/// Reads a country that region_of() knows, as an alpha-2 code. Error "unknown_region".
Failure read_region(Element value, const Place& place, std::optional<std::string>& out);

/// Reads the values for templates: strings, and numbers and booleans as text; null is left out.
/// `has_fraction` becomes true where a number was not whole: its text in `out` may then differ from
/// the document's (19.90 → 19.9).
Failure read_data(Element value, const Place& place,
                  std::vector<std::pair<std::string, std::string>>& out, bool& has_fraction);

/// The error "unknown_field"; its hint has the one of `known` that is nearest to `name`.
FieldError unknown_field(std::string_view parent, std::string_view name,
                         std::span<const std::string_view> known);
/// The error "wrong_type". `wanted`: "a string", "an object".
FieldError wrong_type(const Place& place, const char* wanted, Element found);

/// The key as it may be shown; empty when it looks like a personal value (digits, an address).
std::string_view presentable(std::string_view key);

/// Reads all of `object` by the table of its fields. `parent` is the object's own pointer. Returns
/// the first error: of an unknown, duplicate or missing key, or of a field's reader.
template <class Target, std::size_t count>
Failure read_object(simdjson::dom::object object, std::string_view parent,
                    const std::array<Field<Target>, count>& fields, Target& target) {
  static_assert(count <= 32);
  std::uint32_t seen = 0;
  for (const auto& [key, value] : object) {
    std::size_t i = 0;
    while (i < count && fields[i].name != key) ++i;
    if (i == count) {
      std::array<std::string_view, count> names;
      for (std::size_t k = 0; k < count; ++k) names[k] = fields[k].name;
      return unknown_field(parent, key, names);
    }
    const Place place{parent, fields[i].name};
    const std::uint32_t bit = std::uint32_t{1} << i;
    if (seen & bit) return refuse("duplicate_key", place, "this key is given twice; keep one");
    seen |= bit;
    if (value.is_null() && !fields[i].required) continue;
    if (auto failure = fields[i].read(value, place, target)) return failure;
  }
  for (std::size_t i = 0; i < count; ++i)
    if (fields[i].required && !(seen & std::uint32_t{1} << i))
      return refuse("missing_field", {parent, fields[i].name}, "this field is required");
  return std::nullopt;
}

}  // namespace postrider::message
