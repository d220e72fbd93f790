// The texts that come with Postrider, as ICU MessageFormat patterns, in one table to read and
// translate. SMS texts stay within GSM-7 and, with usual values, within one part.
#pragma once

#include <span>
#include <string_view>

namespace postrider::message {

/// Values: order_id, customer_id, status, link, and the event's `data`. What names {link} is used
/// only for an event that has one.
struct BuiltInText {
  std::string_view locale;
  std::string_view status;  // "other": every status without a text of its own
  std::string_view sms;
  std::string_view sms_with_link;  // empty: the same as `sms`
  std::string_view subject;        // of the e-mail, after "Order Update - "
};

/// What surrounds the text in an e-mail. It needs more words than an SMS, but no other content.
struct BuiltInLetter {
  std::string_view locale;
  std::string_view greeting;
  std::string_view farewell;
};

std::span<const BuiltInText> built_in_texts();
std::span<const BuiltInLetter> built_in_letters();

}  // namespace postrider::message
