// The list of the numbers that a carrier knows to have opted out, a page at a time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "domain/result.hpp"

namespace postrider::ports {

struct OptOutPage {
  std::vector<std::string> numbers;  // E.164
  std::string next;                  // the cursor of the next page; empty: this was the last
};

/// The page at `cursor`; the first page for an empty one.
using CarrierOptOuts = std::function<domain::Result<OptOutPage>(const std::string& cursor)>;

}  // namespace postrider::ports
