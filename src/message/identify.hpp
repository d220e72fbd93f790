// Ids that are derived from contents: UUIDv5 (RFC 9562 §5.5) over shop, mode and key, so that an
// event that is sent twice has one id. Pure, so safe from any thread; throws only where OpenSSL has
// no SHA-1.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "domain/notification.hpp"

namespace postrider::message {

/// The id of the notification of `event`: from its dedupe_key where it has one, else from its
/// order_id, parcel (if it has one) and status. Ids of the kinds can't collide.
domain::NotificationId identify(std::string_view shop, domain::Mode mode,
                                const domain::OrderEvent& event);

/// A digest of all fields of `event`: equal for a repeat, different where the content differs.
domain::NotificationId fingerprint(const domain::OrderEvent& event);

/// The identities of `event` in the other spellings of its status; empty for most.
std::vector<domain::EventIdentity> other_spellings(std::string_view shop, domain::Mode mode,
                                                   const domain::OrderEvent& event);

/// Eight hexadecimal digits that change when one of the texts does: a version that is short enough
/// to be read to somebody on the phone.
std::string short_digest(std::initializer_list<std::string_view> texts);

}  // namespace postrider::message
