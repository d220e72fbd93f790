#include "adapters/aws/sns/form.hpp"

namespace postrider::adapters::aws::sns {
namespace {

std::string form_encoded(std::string_view text) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    if (c == ' ') {
      encoded += '+';
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[octet >> 4];
    encoded += digits[octet & 15];
  }
  return encoded;
}

}  // namespace

Form::Form(std::string_view action) {
  add("Action", action);
  add("Version", "2010-03-31");
}

void Form::add(std::string_view name, std::string_view value) {
  if (!text_.empty()) text_ += '&';
  text_ += name;
  text_ += '=';
  text_ += form_encoded(value);
}

void Form::add_attribute(std::string_view name, std::string_view type, std::string_view value) {
  if (value.empty()) return;
  const auto entry = "MessageAttributes.entry." + std::to_string(++attributes_);
  add(entry + ".Name", name);
  add(entry + ".Value.DataType", type);
  add(entry + ".Value.StringValue", value);
}

}  // namespace postrider::adapters::aws::sns
