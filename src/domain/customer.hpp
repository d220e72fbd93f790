// A customer's preferences as the directory keeps them.
#pragma once

#include <optional>
#include <string>

#include "domain/order_event.hpp"

namespace postrider::domain {

struct Customer {
  std::string id;
  Contact contact;
  std::string e164;           // empty: no phone, or one that can't be called
  std::string phone_problem;  // why `contact.phone` gave no e164 (a code such as "too_short")
  // Consent; what was never said counts as given. A document that says nothing of it leaves what
  // the directory has.
  std::optional<bool> sms_opt_in;
  std::optional<bool> email_opt_in;
};

}  // namespace postrider::domain
