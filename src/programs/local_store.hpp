// Rows straight into the store of one machine, for an import without a running service. Opens the
// store for as long as the sink lives; the running service must not have it.
#pragma once

#include <memory>

#include "programs/config.hpp"
#include "programs/row_sink.hpp"

namespace postrider::programs {

/// Throws Refused when the store can't be opened (another service has it, disk full …).
std::unique_ptr<EventSink> open_local_sink(const Config& config);
std::unique_ptr<CustomerSink> open_local_customer_sink(const Config& config);

}  // namespace postrider::programs
