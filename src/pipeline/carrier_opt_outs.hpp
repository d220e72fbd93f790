// Takes over whom the carrier knows to have opted out, so that nothing is reserved, sent and
// refused for them. Asked once in a while, never a message. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ports/clock.hpp"
#include "ports/customer_directory.hpp"

namespace postrider::pipeline {

struct OptOutPage {
  std::vector<std::string> numbers;  // E.164
  std::string next;                  // where the next page begins; empty: this was the last
};
/// One page of the carrier's list; the first for an empty cursor.
using OptOutPages = std::function<domain::Result<OptOutPage>(const std::string& cursor)>;

/// Returns how many were not known before. After an Error those of earlier pages are kept.
domain::Result<int> take_over_opt_outs(const OptOutPages& pages,
                                       ports::CustomerDirectory& customers,
                                       const ports::Clock& clock);

}  // namespace postrider::pipeline
