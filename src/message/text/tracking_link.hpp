// The shop's own tracking link, from a pattern such as "https://shop.example/t/{order_id}". Pure.
#pragma once

#include <string>
#include <string_view>

namespace postrider::message {

/// `pattern` with the values of `{order_id}` and `{status}`, percent-encoded (RFC 3986 §2.3). Empty
/// for an empty pattern.
std::string tracking_link(std::string_view pattern, std::string_view order_id,
                          std::string_view status);

}  // namespace postrider::message
