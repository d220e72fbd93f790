// The preview of a message: its texts and its price, without sending anything. Safe from any
// thread. POST /v1/preview answers with it, and so do programs without a service.
#pragma once

#include <string_view>

#include "adapters/http/server/exchange.hpp"
#include "message/text/composer.hpp"

namespace postrider::adapters::http {

/// The answer to a request for a preview: 200 with the texts of both channels, or the refusal.
/// `body`: {"status", "locale"?, "country"?, "data"?, "order_id"?, "tracking_url"?}. Without a
/// country there is no price. `currency`: as the answer shows it.
Response preview(const message::Composer& composer, std::string_view currency,
                 std::string_view body);

}  // namespace postrider::adapters::http
