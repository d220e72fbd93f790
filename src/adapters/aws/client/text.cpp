#include "adapters/aws/client/text.hpp"

namespace postrider::adapters::aws::client {

std::string lower_code(std::string_view code) {
  std::string text;
  bool before_lower = false;
  for (const char c : code) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && before_lower) text += '_';
    before_lower = c >= 'a' && c <= 'z';
    const bool plain = before_lower || (c >= '0' && c <= '9');
    text += upper ? static_cast<char>(c - 'A' + 'a') : plain ? c : '_';
  }
  constexpr std::size_t longest = 60;
  return text.substr(0, longest);
}

}  // namespace postrider::adapters::aws::client
