// Takes over whom the carrier knows to have opted out, so that nothing is reserved, sent and
// refused for them. Asked once in a while, never a message. Thread-safe.
#pragma once

#include "ports/carrier_opt_outs.hpp"
#include "ports/clock.hpp"
#include "ports/customer_directory.hpp"

namespace postrider::pipeline {

/// Returns how many were not known before. After an Error those of earlier pages are kept.
domain::Result<int> import_carrier_opt_outs(const ports::CarrierOptOuts& pages,
                                            ports::CustomerDirectory& customers,
                                            const ports::Clock& clock);

}  // namespace postrider::pipeline
