// A customer's preferences as the directory keeps them. A plain value.
#pragma once

#include <optional>
#include <string>

#include "domain/contact/phone.hpp"
#include "domain/intake/order_event.hpp"

namespace postrider::domain {

struct Customer {
  std::string id;
  Contact contact;
  Phone phone;  // read from `contact.phone`; neither number nor problem: not read yet
  // Consent; none counts as given. A document without these members leaves the directory's values.
  std::optional<bool> sms_opt_in;
  std::optional<bool> email_opt_in;
};

}  // namespace postrider::domain
