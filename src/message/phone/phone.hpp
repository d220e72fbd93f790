// Reader of phone numbers as people type them: E.164, country and kind, with libphonenumber. It
// remembers what it has normalised, because one number costs about 20 µs. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "domain/phone.hpp"

namespace postrider::message {

/// What a text says about a phone: valid where it has an `e164`.
struct PhoneNumber : domain::Phone {
  std::string type;  // "mobile", "fixed_line", "fixed_line_or_mobile", "toll_free", …

  bool valid() const { return !e164.empty(); }
};

/// `region`: ISO 3166 alpha-2, for numbers written without a country code; may be empty.
PhoneNumber normalise_phone(std::string_view text, std::string_view region);

/// True for a region with telephone numbers of its own, as an upper-case alpha-2 code.
bool is_phone_region(std::string_view region);

/// "+4915…78" → "+49…78": what may be shown to people without a reason to see more.
std::string mask_phone(std::string_view e164);

}  // namespace postrider::message
