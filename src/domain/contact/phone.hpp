// A customer's phone number once it is read: the number that gets SMS and its country, or the
// reason why it gets none. A plain value; message/phone/phone.hpp reads it from text that people
// type.
#pragma once

#include <string>

#include "domain/reason.hpp"

namespace postrider::domain {

struct Phone {
  std::string e164;     // "+4915112345678"; empty: no number that can be called
  std::string country;  // ISO 3166 alpha-2; empty: a number of no country, or not known
  /// The reason why it gets no SMS; also of a valid number, such as a fixed line.
  Reason problem = Reason::none;

  friend bool operator==(const Phone&, const Phone&) = default;
};

}  // namespace postrider::domain
