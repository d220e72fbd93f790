// Whom a carrier knows to have opted out, a page at a time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "domain/result.hpp"

namespace postrider::ports {

struct OptOutPage {
  std::vector<std::string> numbers;  // E.164
  std::string next;                  // where the next page begins; empty: this was the last
};

/// One page of the carrier's list; the first for an empty cursor.
using CarrierOptOuts = std::function<domain::Result<OptOutPage>(const std::string& cursor)>;

}  // namespace postrider::ports
