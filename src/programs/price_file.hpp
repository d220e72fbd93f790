// A carrier's price list, from the TOML file that `sms.prices` names: see docs/prices.md. For the
// main thread.
#pragma once

#include "message/price_table.hpp"
#include "programs/config.hpp"

namespace postrider::programs {

/// Without a file: sms.price_per_part for every country. Throws UsageError, one line a mistake:
/// "FILE:LINE: country must be a two-letter code such as \"DE\"".
message::PriceTable prices_of(const Config& config);

}  // namespace postrider::programs
