// The texts that come with Postrider, as ICU MessageFormat patterns, in one table to read and
// translate. Immutable; safe to share. SMS texts stay within one part with usual values, and within
// GSM-7 where the language can be written in it.
#pragma once

#include <span>
#include <string_view>

namespace postrider::message {

/// The text of one locale and status. Values in patterns: order_id, customer_id, status, link, and
/// the event's `data`. A pattern with {link} is used only for an event that has a link.
struct BuiltInText {
  std::string_view locale;
  std::string_view status;  // "other": every status without a text of its own
  std::string_view sms;
  std::string_view sms_with_link;  // empty: the same as `sms`
  std::string_view subject;        // of the e-mail, after "Order Update - "
};

/// The greeting and farewell around the text of an e-mail, which has no other content than the SMS.
struct BuiltInLetter {
  std::string_view locale;
  std::string_view greeting;
  std::string_view farewell;
};

std::span<const BuiltInText> built_in_texts();
std::span<const BuiltInLetter> built_in_letters();

}  // namespace postrider::message
