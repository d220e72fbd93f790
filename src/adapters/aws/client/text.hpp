// Readers of the text that AWS answers: members of JSON that may be missing or of another type,
// elements of XML, error codes. All adapters of AWS use them. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace postrider::adapters::aws::client {

/// The member, or null where there is none or `object` is no object.
inline const nlohmann::json& member(const nlohmann::json& object, const char* name) {
  static const nlohmann::json none;
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

/// The value of a member that is text; else empty.
inline std::string text_in(const nlohmann::json& object, const char* name) {
  const auto& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

/// The text between the first `start` and the `end` behind it; empty where one of them is missing.
inline std::string_view between(std::string_view text, std::string_view start,
                                std::string_view end) {
  const auto from = text.find(start);
  if (from == std::string_view::npos) return {};
  const auto rest = text.substr(from + start.size());
  const auto to = rest.find(end);
  return to == std::string_view::npos ? std::string_view{} : rest.substr(0, to);
}

/// An error code as codes of our own are written: "conflict_exception" of "ConflictException". At
/// most 60 octets.
std::string lower_code(std::string_view code);

}  // namespace postrider::adapters::aws::client
