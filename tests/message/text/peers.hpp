// The rules of peers for a text before it becomes an SMS, from their published descriptions, so
// that ours can be compared text for text. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace postrider::message::peers {

/// GOV.UK Notify (notifications-utils, class SanitiseSMS; read 2026-11-25): a letter outside GSM-7
/// becomes the first part of its canonical decomposition, ten or so signs have replacements, and
/// accented letters of Welsh stay. Nothing where it would print a question mark: the reader loses
/// something there.
std::optional<std::string> govuk_notify(std::string_view text);

/// Twilio's Smart Encoding (twilio.com/docs/messaging/services/smart-encoding-char-list; read
/// 2026-11-25): a list of signs, no letters.
std::string twilio(std::string_view text);

/// One entry of Twilio's list.
struct Sign {
  char32_t code;
  const char* by;
};
std::span<const Sign> twilio_signs();

/// A text as a shop writes it, in one of ten languages.
struct ShopText {
  const char* language;
  const char* text;
};
std::span<const ShopText> shop_texts();

}  // namespace postrider::message::peers
