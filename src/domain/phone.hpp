// A customer's phone number once it has been read: where an SMS can go, in which country that is,
// or why none can go. message/phone/phone.hpp reads it from what people type.
#pragma once

#include <string>

#include "domain/reason.hpp"

namespace postrider::domain {

struct Phone {
  std::string e164;     // "+4915112345678"; empty: no number that can be called
  std::string country;  // of the number, ISO 3166 alpha-2; empty: of none, or not known
  Reason problem =
      Reason::none;  // why it gets no SMS; also of a valid number, such as a fixed line

  friend bool operator==(const Phone&, const Phone&) = default;
};

}  // namespace postrider::domain
