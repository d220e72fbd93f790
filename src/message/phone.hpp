// Phone numbers as people type them become E.164, with libphonenumber. Thread-safe; remembers what
// it has normalised, because one number costs about 20 µs.
#pragma once

#include <string>
#include <string_view>

namespace postrider::message {

struct PhoneNumber {
  bool valid = false;
  std::string e164;    // "+4915112345678" when valid
  std::string region;  // ISO 3166 alpha-2 of the number, when known
  std::string type;    // "mobile", "fixed_line", "fixed_line_or_mobile", "toll_free", …
  std::string reason;  // why not: "empty", "too_short", "too_long", "not_a_number",
                       // "unknown_region", "invalid", …; of a valid number that gets no SMS its
                       // type, such as "fixed_line"
};

/// `region`: ISO 3166 alpha-2, for numbers written without a country code; may be empty.
PhoneNumber normalise_phone(std::string_view text, std::string_view region);

/// True for a region with telephone numbers of its own, as an upper-case alpha-2 code.
bool is_phone_region(std::string_view region);

/// "+4915…78" → "+49…78": what may be shown to people without a reason to see more.
std::string mask_phone(std::string_view e164);

}  // namespace postrider::message
