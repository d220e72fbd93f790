// A carrier's price list, from the TOML file that `sms.prices` names: see docs/prices.md. For the
// main thread.
#pragma once

#include "message/money/price_table.hpp"
#include "settings/config.hpp"

namespace postrider::settings {

/// Without a file: sms.price_per_part for every country. Throws UsageError, one line a mistake:
/// "FILE:LINE: country must be a two-letter code such as \"DE\"".
message::PriceTable prices_of(const Config& config);

}  // namespace postrider::settings
