// Notifications as people read them, from the JSON of the service. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace postrider::programs {

struct ServerOptions;

/// A table, one line a notification.
std::string list_view(const nlohmann::ordered_json& notifications);

/// All fields, then tables of the history and the attempts.
std::string record_view(const nlohmann::ordered_json& record);

/// Prints one notification; `dead-letters show` uses it too.
void show_notification(const ServerOptions& server, const std::string& id);

}  // namespace postrider::programs
