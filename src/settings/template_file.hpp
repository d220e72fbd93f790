// The reader of a shop's own message texts, the TOML file that `shop.templates` names
// (docs/templates.md). For the main thread before anything else starts.
#pragma once

#include "message/text/templates.hpp"
#include "settings/config.hpp"

namespace postrider::settings {

/// The built-in texts with the shop's own before them. Throws UsageError, one line a mistake:
/// "FILE:LINE: [de.shipped] sms: there is no value {carier} …".
message::Templates templates_of(const Config& config);

}  // namespace postrider::settings
