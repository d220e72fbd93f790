// The reader of a carrier's price list, the TOML file that `sms.prices` names (docs/prices.md). For
// the main thread before anything else starts.
#pragma once

#include "message/money/price_table.hpp"
#include "settings/config.hpp"

namespace postrider::settings {

/// The prices of the file; without a file, sms.price_per_part for every country. Throws UsageError,
/// one line a mistake: "FILE:LINE: country must be a two-letter code such as \"DE\"".
message::PriceTable prices_of(const Config& config);

}  // namespace postrider::settings
