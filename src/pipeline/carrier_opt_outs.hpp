// The import of a carrier's opt-out list into the directory, so that no money is reserved and no
// SMS sent for these numbers. Thread-safe. Meant to run now and then, not for each message.
#pragma once

#include "ports/carrier_opt_outs.hpp"
#include "ports/clock.hpp"
#include "ports/customer_directory.hpp"

namespace postrider::pipeline {

/// Copies the carrier's list and returns the number of opt-outs that were not known before. After
/// an Error of either side the opt-outs of earlier pages are kept.
domain::Result<int> import_carrier_opt_outs(const ports::CarrierOptOuts& pages,
                                            ports::CustomerDirectory& customers,
                                            const ports::Clock& clock);

}  // namespace postrider::pipeline
