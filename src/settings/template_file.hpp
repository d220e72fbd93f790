// A shop's own message texts, from the TOML file that `shop.templates` names: see
// docs/templates.md. For the main thread.
#pragma once

#include "message/text/templates.hpp"
#include "settings/config.hpp"

namespace postrider::settings {

/// The built-in texts with those of the shop before them. Throws UsageError, one line a mistake:
/// "FILE:LINE: [de.shipped] sms: there is no value {carier} …".
message::Templates templates_of(const Config& config);

}  // namespace postrider::settings
