#include "message/sms_text.hpp"

namespace postrider::message {

SmsText to_sms_text(std::string_view text, const ReplacementRules& rules) {
  auto replaced = replace_for_gsm7(text, rules);
  const auto count = count_segments(replaced.text);
  const auto plain = replaced.replaced.empty() ? count : count_segments(text);
  return {std::move(replaced.text), count, plain, std::move(replaced.replaced)};
}

}  // namespace postrider::message
