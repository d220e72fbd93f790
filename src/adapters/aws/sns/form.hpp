// The form of a request of the query protocol: application/x-www-form-urlencoded. For one thread.
#pragma once

#include <string>
#include <string_view>

namespace postrider::adapters::aws::sns {

class Form {
 public:
  explicit Form(std::string_view action);

  void add(std::string_view name, std::string_view value);
  /// Adds a message attribute of a Publish, unless `value` is empty.
  void add_attribute(std::string_view name, std::string_view type, std::string_view value);
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  int attributes_ = 0;
};

}  // namespace postrider::adapters::aws::sns
