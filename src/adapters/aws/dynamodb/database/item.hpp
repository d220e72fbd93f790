// DynamoDB's items as JSON: {"name": {"S": "text"}}. An attribute with its default value is left
// out: names and values are billed by the kilobyte. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "domain/money.hpp"
#include "domain/time.hpp"

namespace postrider::adapters::aws::dynamodb {

using Json = nlohmann::json;
using Item = Json;  // an object of attributes

inline Json text(std::string_view value) { return {{"S", value}}; }
inline Json number(std::int64_t value) { return {{"N", std::to_string(value)}}; }
inline Json flag(bool value) { return {{"BOOL", value}}; }
inline Json list(Json values) { return {{"L", std::move(values)}}; }

// Sets an attribute unless it has its default.
void put(Item& item, const char* name, std::string_view value);
void put(Item& item, const char* name, std::int64_t value);
void put_flag(Item& item, const char* name, bool value);
void put_time(Item& item, const char* name, std::optional<domain::TimePoint> value);

// The attribute, or the default where it is absent or of another type.
std::string text_of(const Item& item, std::string_view name);
std::int64_t number_of(const Item& item, std::string_view name);
std::optional<std::int64_t> optional_number(const Item& item, std::string_view name);
bool flag_of(const Item& item, std::string_view name);
std::optional<bool> optional_flag(const Item& item, std::string_view name);
std::optional<domain::TimePoint> time_of(const Item& item, std::string_view name);
domain::Money money_of(const Item& item, std::string_view name);
/// The map in an attribute; an empty one where it is absent.
const Item& map_of(const Item& item, std::string_view name);
/// The elements of a list; empty where it is absent.
const Json& list_of(const Item& item, std::string_view name);

}  // namespace postrider::adapters::aws::dynamodb
