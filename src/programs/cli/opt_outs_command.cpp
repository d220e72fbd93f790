#include <iostream>
#include <nlohmann/json.hpp>

#include "programs/cli/commands.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using json = nlohmann::ordered_json;

struct OptOutsOptions {
  ServerOptions server;
  std::vector<std::string> phones;
};

/// The numbers given, or those on standard input, one a line, for "-".
std::vector<std::string> numbers(const OptOutsOptions& o) {
  if (o.phones != std::vector<std::string>{"-"}) return o.phones;
  std::vector<std::string> phones;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) phones.push_back(line);
  }
  return phones;
}

/// One call a number; a number that is refused is told by its place, never repeated.
int change(const OptOutsOptions& o, const std::string& method, const char* done) {
  const auto client = make_client(o.server);
  int status = exit_done;
  std::size_t place = 0;
  for (const auto& phone : numbers(o)) {
    ++place;
    const HttpAnswer answer = client->call(method, "/v1/opt-outs", dump(json{{"phone", phone}}));
    const bool fine = answer.status >= 200 && answer.status <= 299;
    if (!fine) status = exit_refused;
    if (o.server.json)
      std::cout << dump({{"number", place}, {"status", answer.status}}) << "\n";
    else
      (fine ? std::cout : std::cerr)
          << "number " << place << ": " << (fine ? done : explain_problem(answer)) << "\n";
  }
  return status;
}

void list(const OptOutsOptions& o) {
  const auto client = make_client(o.server);
  std::string cursor;
  std::vector<std::vector<std::string>> rows{{"PHONE", "SOURCE", "SINCE"}};
  do {
    const json page =
        ask(*client, "GET", with_query("/v1/opt-outs", {{"limit", "500"}, {"cursor", cursor}}));
    for (const auto& entry : items_of(page)) {
      if (o.server.json)
        std::cout << dump(entry) << "\n";
      else
        rows.push_back({text_of(entry, "phone"), text_of(entry, "source"), text_of(entry, "at")});
    }
    cursor = text_of(page, "next_cursor");
  } while (!cursor.empty());
  if (!o.server.json) std::cout << table(rows);
}

}  // namespace

void add_opt_outs_command(CLI::App& app, int& exit_code) {
  auto* opt_outs =
      app.add_subcommand("opt-outs", "Numbers that get no SMS, whatever the shop says");
  opt_outs->require_subcommand(1);
  const auto add = [&](const char* name, const char* doc, bool numbered, auto run) {
    auto options = std::make_shared<OptOutsOptions>();
    auto* command = opt_outs->add_subcommand(name, doc);
    add_server_options(*command, options->server);
    if (numbered)
      command
          ->add_option("PHONE", options->phones,
                       "with country code (+49…); - reads numbers from standard input")
          ->required();
    command->callback([options, run, &exit_code] { exit_code = run(*options); });
  };
  add("add", "From now on no SMS to these numbers", true,
      [](const OptOutsOptions& o) { return change(o, "POST", "opted out"); });
  add("remove", "They may get SMS again (only if they asked for it)", true,
      [](const OptOutsOptions& o) { return change(o, "DELETE", "may get SMS again"); });
  add("list", "All of them, whole numbers", false, [](const OptOutsOptions& o) {
    list(o);
    return exit_done;
  });
}

}  // namespace postrider::programs
