#include "adapters/aws/dynamodb/database/item.hpp"

#include <charconv>

namespace postrider::adapters::aws::dynamodb {
namespace {

/// The value of type `type` ("S", "N" …); null where the attribute is absent or of another type.
const Json* find(const Item& item, std::string_view name, const char* type) {
  const auto attribute = item.find(name);
  if (attribute == item.end() || !attribute->is_object()) return nullptr;
  const auto value = attribute->find(type);
  return value == attribute->end() ? nullptr : &*value;
}

}  // namespace

void put(Item& item, const char* name, std::string_view value) {
  if (!value.empty()) item[name] = text(value);
}

void put(Item& item, const char* name, std::int64_t value) {
  if (value != 0) item[name] = number(value);
}

void put_flag(Item& item, const char* name, bool value) {
  if (value) item[name] = flag(true);
}

void put_time(Item& item, const char* name, std::optional<domain::TimePoint> value) {
  if (value) item[name] = number(domain::to_unix_ms(*value));
}

std::string text_of(const Item& item, std::string_view name) {
  const auto* value = find(item, name, "S");
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
}

std::optional<std::int64_t> optional_number(const Item& item, std::string_view name) {
  const auto* value = find(item, name, "N");
  if (value == nullptr || !value->is_string()) return std::nullopt;
  const auto& digits = value->get_ref<const std::string&>();
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

std::int64_t number_of(const Item& item, std::string_view name) {
  return optional_number(item, name).value_or(0);
}

std::optional<bool> optional_flag(const Item& item, std::string_view name) {
  const auto* value = find(item, name, "BOOL");
  if (value == nullptr || !value->is_boolean()) return std::nullopt;
  return value->get<bool>();
}

bool flag_of(const Item& item, std::string_view name) {
  return optional_flag(item, name).value_or(false);
}

std::optional<domain::TimePoint> time_of(const Item& item, std::string_view name) {
  const auto ms = optional_number(item, name);
  if (!ms) return std::nullopt;
  return domain::from_unix_ms(*ms);
}

domain::Money money_of(const Item& item, std::string_view name) { return {number_of(item, name)}; }

const Item& map_of(const Item& item, std::string_view name) {
  static const Item empty = Json::object();
  const auto* value = find(item, name, "M");
  return value != nullptr && value->is_object() ? *value : empty;
}

const Json& list_of(const Item& item, std::string_view name) {
  static const Json empty = Json::array();
  const auto* value = find(item, name, "L");
  return value != nullptr && value->is_array() ? *value : empty;
}

}  // namespace postrider::adapters::aws::dynamodb
