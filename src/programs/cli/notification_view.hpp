// Views of notifications for people, made from the JSON of the API. Pure but for
// show_notification(), which is for the main thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace postrider::programs {

struct ServerOptions;

/// A table with a line for each notification.
std::string list_view(const nlohmann::ordered_json& notifications);

/// All fields of one notification, then tables of its history and its attempts.
std::string record_view(const nlohmann::ordered_json& record);

/// Asks for one notification and prints it. Throws as ask() does.
void show_notification(const ServerOptions& server, const std::string& id);

}  // namespace postrider::programs
