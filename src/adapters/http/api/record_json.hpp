// Notifications as the API shows them. Numbers and addresses are masked; texts are not shown.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "domain/notification.hpp"

namespace postrider::adapters::http {

using Json = nlohmann::ordered_json;

Json record_json(const domain::Notification& n);
/// With `history` and `attempts`.
Json record_json(const domain::NotificationDetails& details);

/// null for an empty text.
Json or_null(std::string_view text);

/// 7500 micro-units → "0.0075": at least two decimals, at most six.
std::string money_text(domain::Money money);

/// "carla@mail.example" → "c…@m….example".
std::string mask_email(const std::string& address);

/// Compact; what is no UTF-8 is replaced, never thrown over.
std::string dump(const Json& json);

}  // namespace postrider::adapters::http
