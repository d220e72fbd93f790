// Checks that every field of a JSON document needs, as a table of fields: type, length, characters,
// duplicate and unknown keys. For order_event_json.cpp alone.
#pragma once

#include <simdjson.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/order_event.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::message {

using Failure = std::optional<FieldError>;
using Element = simdjson::dom::element;

/// A field's place, made a pointer only when something is wrong with it.
struct Place {
  std::string_view parent;  // "" or "/contact"
  std::string_view name;

  std::string pointer() const { return std::string{parent} + "/" + std::string{name}; }
};

FieldError refuse(std::string code, const Place& place, std::string hint);

/// One name of an object and how its value is taken.
template <class Target>
struct Field {
  std::string_view name;
  bool required;
  Failure (*read)(Element value, const Place& place, Target& target);
};

/// A non-empty string of at most `limit` bytes without control characters.
Failure read_text(Element value, const Place& place, std::size_t limit, std::string& out);
Failure read_text(Element value, const Place& place, std::size_t limit,
                  std::optional<std::string>& out);

Failure read_bool(Element value, const Place& place, std::optional<bool>& out);
Failure read_status(Element value, const Place& place, std::string& out);
Failure read_time(Element value, const Place& place, std::optional<domain::TimePoint>& out);
Failure read_url(Element value, const Place& place, std::optional<std::string>& out);
Failure read_phone(Element value, const Place& place, std::optional<std::string>& out);
Failure read_email(Element value, const Place& place, std::optional<std::string>& out);
Failure read_locale(Element value, const Place& place, std::optional<std::string>& out);
Failure read_time_zone(Element value, const Place& place, std::optional<std::string>& out);
Failure read_region(Element value, const Place& place, std::optional<std::string>& out);

/// Values for templates: strings, and numbers and booleans as text. `has_fraction` tells that a
/// number was not whole: its text is then not what the document says (19.90 → 19.9).
Failure read_data(Element value, const Place& place,
                  std::vector<std::pair<std::string, std::string>>& out, bool& has_fraction);

FieldError unknown_field(std::string_view parent, std::string_view name,
                         std::span<const std::string_view> known);
FieldError wrong_type(const Place& place, const char* wanted, Element found);

/// The key as it may be shown: nothing when it looks like a value (digits, an address).
std::string_view presentable(std::string_view key);

/// Reads all of `object` by the table. `parent` is the object's own pointer.
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
