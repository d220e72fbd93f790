// A customer's preferences as the directory keeps them.
#pragma once

#include <string>

#include "domain/order_event.hpp"

namespace postrider::domain {

struct Customer {
  std::string id;
  Contact contact;
  std::string e164;           // empty: no phone, or one that can't be called
  std::string phone_problem;  // why `contact.phone` gave no e164 (a code such as "too_short")
  bool sms_opt_in = true;
  bool email_opt_in = true;
};

}  // namespace postrider::domain
