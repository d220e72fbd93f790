// What a message would say and cost, before anything is sent. Also for programs without a service.
#pragma once

#include <string_view>

#include "adapters/http/server/exchange.hpp"
#include "message/text/composer.hpp"

namespace postrider::adapters::http {

/// `body`: {"status", "locale"?, "country"?, "data"?, "order_id"?, "tracking_url"?}. Without a
/// country there is no price. 200 with the texts of both channels, or the refusal.
Response preview(const message::Composer& composer, std::string_view currency,
                 std::string_view body);

}  // namespace postrider::adapters::http
