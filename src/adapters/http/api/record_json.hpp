// The JSON documents of notifications in the API's answers, with phone numbers and addresses masked
// and without the messages' texts. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "domain/notification.hpp"

namespace postrider::adapters::http {

using Json = nlohmann::ordered_json;

/// The record of a notification, as lists show it.
Json record_json(const domain::Notification& n);
/// The record with its `history` and `attempts`.
Json record_json(const domain::NotificationDetails& details);

/// The text; null where it is empty.
Json or_null(std::string_view text);

/// The first characters of the address and its last label: "carla@mail.example" → "c…@m….example".
std::string mask_email(const std::string& address);

/// The document in its compact form. Octets that are no UTF-8 are replaced; nothing is thrown.
std::string dump(const Json& json);

}  // namespace postrider::adapters::http
