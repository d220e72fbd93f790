// Ids that are derived, not drawn: UUIDv5 (RFC 9562 §5.5) over shop, mode and key.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "domain/notification_id.hpp"
#include "domain/order_event.hpp"

namespace postrider::message {

/// From the dedupe_key where the event gives one, else from (order_id, status); the two can't
/// collide.
domain::NotificationId identify(std::string_view shop, domain::Mode mode,
                                const domain::OrderEvent& event);

/// Of all that the event says: equal for a repeat, different where the content differs.
domain::NotificationId fingerprint(const domain::OrderEvent& event);

/// Eight hexadecimal digits that change when one of the texts does: a version to be read aloud.
std::string short_digest(std::initializer_list<std::string_view> texts);

}  // namespace postrider::message
