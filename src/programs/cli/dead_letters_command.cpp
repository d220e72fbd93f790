#include <iostream>
#include <nlohmann/json.hpp>

#include "programs/cli/commands.hpp"
#include "programs/cli/notification_view.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using json = nlohmann::ordered_json;

struct DeadLettersOptions {
  ServerOptions server;
  std::vector<std::string> ids;
};

void list_dead_letters(const DeadLettersOptions& o) {
  const auto client = make_client(o.server);
  json all = json::array();
  std::string cursor;
  do {
    const json page =
        ask(*client, "GET", with_query("/v1/dead-letters", {{"limit", "500"}, {"cursor", cursor}}));
    for (const auto& n : items_of(page)) all.push_back(n);
    cursor = text_of(page, "next_cursor");
  } while (!cursor.empty());
  std::cout << (o.server.json ? dump(json{{"dead_letters", all}}) + "\n" : list_view(all));
}

/// Makes one call for each id. A refused call is reported and does not stop the next ones.
int change_dead_letters(const DeadLettersOptions& o, const std::string& action) {
  const auto client = make_client(o.server);
  int status = exit_done;
  for (const auto& id : o.ids) {
    const HttpAnswer answer =
        client->call("POST", "/v1/dead-letters/" + url_encode(id) + "/" + action);
    const bool succeeded = answer.status >= 200 && answer.status <= 299;
    if (!succeeded) status = exit_refused;
    const auto parsed = json::parse(answer.body, nullptr, false);
    if (o.server.json)
      std::cout << dump(json{
                       {"id", id}, {"status", answer.status}, {"state", text_of(parsed, "state")}})
                << "\n";
    else if (succeeded)
      std::cout << plain(id) << ": now " << plain(text_of(parsed, "state")) << "\n";
    else
      std::cerr << plain(id) << ": " << explain_problem(answer) << "\n";
  }
  return status;
}

}  // namespace

void add_dead_letters_command(CLI::App& app, int& exit_code) {
  auto* letters = app.add_subcommand("dead-letters",
                                     "Notifications that could go neither by SMS nor by e-mail");
  letters->require_subcommand(1);
  const auto add = [&](const char* name, const char* doc, bool takes_ids, auto run) {
    auto options = std::make_shared<DeadLettersOptions>();
    auto* command = letters->add_subcommand(name, doc);
    add_server_options(*command, options->server);
    if (takes_ids) command->add_option("ID", options->ids, "ids of notifications")->required();
    command->callback([options, run, &exit_code] { exit_code = run(*options); });
  };
  add("list", "List all dead letters, which wait for an operator", false,
      [](const DeadLettersOptions& o) {
        list_dead_letters(o);
        return exit_done;
      });
  add("show", "Show dead letters with their history and reason", true,
      [](const DeadLettersOptions& o) {
        for (const auto& id : o.ids) show_notification(o.server, id);
        return exit_done;
      });
  add("replay", "Send again: by SMS only where no SMS was ever submitted, else by e-mail", true,
      [](const DeadLettersOptions& o) { return change_dead_letters(o, "replay"); });
  add("discard", "Give dead letters up for good; their history stays", true,
      [](const DeadLettersOptions& o) { return change_dead_letters(o, "discard"); });
}

}  // namespace postrider::programs
