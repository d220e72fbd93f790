// A reader of phone numbers as people type them: E.164, country and kind, by libphonenumber.
// Thread-safe. Most E.164 numbers are read by their numbering plan alone; the last of all others
// are cached, because the library takes about 20 µs for one.
#pragma once

#include <string>
#include <string_view>

#include "domain/contact/phone.hpp"

namespace postrider::message {

/// A phone number as it was read, valid where it has an `e164`; else `problem` says why not.
struct PhoneNumber : domain::Phone {
  std::string type;  // "mobile", "fixed_line", "fixed_line_or_mobile", "toll_free", …

  bool valid() const { return !e164.empty(); }
};

/// Reads `text`. `region`: a country as region_of() takes it, for numbers without a country code;
/// may be empty. A valid number of a kind that gets no SMS has a `problem` as well.
PhoneNumber normalise_phone(std::string_view text, std::string_view region);

/// True for a region with telephone numbers of its own, as an upper-case alpha-2 code.
bool is_phone_region(std::string_view region);

/// The country code and the last two digits: "+4915112345678" → "+49…78". For logs and lists, whose
/// readers need no more. A text that is no E.164 number gives "…", an empty one nothing.
std::string mask_phone(std::string_view e164);

}  // namespace postrider::message
