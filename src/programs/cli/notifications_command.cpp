#include <iostream>
#include <nlohmann/json.hpp>

#include "programs/cli/commands.hpp"
#include "programs/cli/notification_view.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using json = nlohmann::ordered_json;

struct ListOptions {
  ServerOptions server;
  std::string order, customer, state, from, to, cursor;
  int limit = 50;
};

void list_notifications(const ListOptions& o) {
  const auto client = make_client(o.server);
  const json page = ask(*client, "GET",
                        with_query("/v1/notifications", {{"order_id", o.order},
                                                         {"customer_id", o.customer},
                                                         {"state", o.state},
                                                         {"from", o.from},
                                                         {"to", o.to},
                                                         {"limit", std::to_string(o.limit)},
                                                         {"cursor", o.cursor}}));
  if (o.server.json) {
    std::cout << dump(page) << "\n";
    return;
  }
  std::cout << list_view(items_of(page));
  if (const auto next = text_of(page, "next_cursor"); !next.empty())
    std::cout << "more: --cursor " << plain(next) << "\n";
}

void add_list(CLI::App& parent, int& exit_code) {
  auto o = std::make_shared<ListOptions>();
  auto* command = parent.add_subcommand(
      "list", "List notifications, newest first; all given options must match");
  add_server_options(*command, o->server);
  command->add_option("--order", o->order, "id of the order");
  command->add_option("--customer", o->customer, "id of the customer");
  command->add_option("--state", o->state, "state, such as deferred or dead");
  command->add_option("--from", o->from, "taken in at or after this time (RFC 3339)");
  command->add_option("--to", o->to, "taken in before this time (RFC 3339)");
  command->add_option("--limit", o->limit, "longest list, 1 to 500")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  command->add_option("--cursor", o->cursor, "continue after the page that printed this cursor");
  command->callback([o, &exit_code] {
    list_notifications(*o);
    exit_code = exit_done;
  });
}

}  // namespace

void show_notification(const ServerOptions& server, const std::string& id) {
  const auto client = make_client(server);
  const json record = ask(*client, "GET", "/v1/notifications/" + url_encode(id));
  std::cout << (server.json ? dump(record) + "\n" : record_view(record));
}

void add_notifications_command(CLI::App& app, int& exit_code) {
  auto* notifications =
      app.add_subcommand("notifications", "Messages, their states and their history");
  notifications->require_subcommand(1);
  auto server = std::make_shared<ServerOptions>();
  auto id = std::make_shared<std::string>();
  auto* show = notifications->add_subcommand("show", "Show one notification with its history");
  add_server_options(*show, *server);
  show->add_option("ID", *id, "id of the notification, from the answer to its event")->required();
  show->callback([server, id, &exit_code] {
    show_notification(*server, *id);
    exit_code = exit_done;
  });
  add_list(*notifications, exit_code);
}

}  // namespace postrider::programs
