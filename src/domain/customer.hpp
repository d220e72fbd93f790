// A customer's preferences as the directory keeps them.
#pragma once

#include <optional>
#include <string>

#include "domain/order_event.hpp"
#include "domain/phone.hpp"

namespace postrider::domain {

struct Customer {
  std::string id;
  Contact contact;
  Phone phone;  // what `contact.phone` says; neither number nor problem: nobody has read it yet
  // Consent; what was never said counts as given. A document that says nothing of it leaves what
  // the directory has.
  std::optional<bool> sms_opt_in;
  std::optional<bool> email_opt_in;
};

}  // namespace postrider::domain
