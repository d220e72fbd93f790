#include "adapters/aws/sns/form.hpp"

#include <algorithm>

#include "adapters/aws/client/encoding.hpp"

namespace postrider::adapters::aws::sns {
namespace {

std::string form_encoded(std::string_view text) {
  auto encoded = client::percent_encoded(text, " ");
  std::replace(encoded.begin(), encoded.end(), ' ', '+');
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
