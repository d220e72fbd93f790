// Samples that the tests of this folder share. No state.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

#include "message/json/order_event_json.hpp"

namespace postrider::message::sample {

/// An event with the required fields and then `more`, the inside of a JSON object.
inline std::string event_json(std::string_view more = "") {
  std::string json = R"({"order_id":"A-1","customer_id":"C-1","status":"shipped")";
  if (!more.empty()) json.append(",").append(more);
  return json + "}";
}

inline std::string refused_with(const std::variant<domain::OrderEvent, FieldError>& result) {
  const auto* error = std::get_if<FieldError>(&result);
  return error == nullptr ? "accepted" : error->code + " " + error->pointer;
}

/// "code pointer", or "accepted".
inline std::string refusal(std::string_view json) {
  JsonReader reader;
  return refused_with(reader.order_event(json));
}

inline domain::OrderEvent accepted(std::string_view json) {
  JsonReader reader;
  auto result = reader.order_event(json);
  if (const auto* error = std::get_if<FieldError>(&result)) {
    ADD_FAILURE() << error->code << ' ' << error->pointer << ' ' << error->hint;
    return {};
  }
  return std::get<domain::OrderEvent>(std::move(result));
}

}  // namespace postrider::message::sample
