#include <algorithm>
#include <charconv>

#include "message/json/json_fields.hpp"
#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

using domain::EventLimits;

template <class Number>
std::string as_text(Number number) {
  char digits[32];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number);
  return error == std::errc{} ? std::string(digits, end) : std::string{};
}

/// True where `text` has a control character other than a line end or a tab.
bool has_forbidden_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
  });
}

Failure read_value(Element value, const Place& place, std::string& out, bool& has_fraction) {
  using Type = simdjson::dom::element_type;
  switch (value.type()) {
    case Type::STRING: out = value.get_string().value_unsafe(); break;
    case Type::BOOL: out = value.get_bool().value_unsafe() ? "true" : "false"; break;
    case Type::INT64: out = as_text(value.get_int64().value_unsafe()); break;
    case Type::UINT64: out = as_text(value.get_uint64().value_unsafe()); break;
    case Type::DOUBLE:
      out = as_text(value.get_double().value_unsafe());
      has_fraction = true;
      break;
    default: return wrong_type(place, "a string, a number or a boolean", value);
  }
  if (out.size() > EventLimits::data_value)
    return refuse("too_long", place,
                  "at most " + std::to_string(EventLimits::data_value) + " bytes of UTF-8");
  if (has_forbidden_character(out))
    return refuse("invalid_character", place, "control characters are not allowed here");
  return std::nullopt;
}

}  // namespace

Failure read_data(Element value, const Place& place,
                  std::vector<std::pair<std::string, std::string>>& out, bool& has_fraction) {
  simdjson::dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return wrong_type(place, "an object", value);
  const std::string parent = place.pointer();
  std::vector<std::string_view> null_keys;
  for (const auto& [key, element] : object) {
    const auto shown = presentable(key);
    const auto key_place = [&] { return shown.empty() ? place : Place{parent, shown}; };
    if (key.empty()) return refuse("empty", place, "a key must not be empty");
    if (key.size() > EventLimits::data_key)
      return refuse("too_long", place,
                    "a key has at most " + std::to_string(EventLimits::data_key) + " bytes");
    if (has_forbidden_character(key))
      return refuse("invalid_character", place, "control characters are not allowed in a key");
    const auto same = [&k = key](const auto& pair) { return pair.first == k; };
    if (std::any_of(out.begin(), out.end(), same) ||
        std::find(null_keys.begin(), null_keys.end(), key) != null_keys.end())
      return refuse("duplicate_key", key_place(), "this key is given twice; keep one");
    if (out.size() + null_keys.size() == EventLimits::data_entries)
      return refuse("too_long", place,
                    "at most " + std::to_string(EventLimits::data_entries) + " entries");
    if (element.is_null()) {
      null_keys.push_back(key);
      continue;
    }
    std::string text;
    if (auto failure = read_value(element, key_place(), text, has_fraction)) return failure;
    out.emplace_back(key, std::move(text));
  }
  return std::nullopt;
}

}  // namespace postrider::message
