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

/// The numbers of the command line; for "-" those on standard input, one a line.
std::vector<std::string> numbers_of(const OptOutsOptions& o) {
  if (o.phones != std::vector<std::string>{"-"}) return o.phones;
  std::vector<std::string> phones;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) phones.push_back(line);
  }
  return phones;
}

/// Makes one call for each number. A number is reported by its place and never repeated, because it
/// is personal.
int change_opt_outs(const OptOutsOptions& o, const std::string& method, const char* done) {
  const auto client = make_client(o.server);
  int status = exit_done;
  std::size_t place = 0;
  for (const auto& phone : numbers_of(o)) {
    ++place;
    const HttpAnswer answer = client->call(method, "/v1/opt-outs", dump(json{{"phone", phone}}));
    const bool succeeded = answer.status >= 200 && answer.status <= 299;
    if (!succeeded) status = exit_refused;
    if (o.server.json)
      std::cout << dump({{"number", place}, {"status", answer.status}}) << "\n";
    else
      (succeeded ? std::cout : std::cerr)
          << "number " << place << ": " << (succeeded ? done : explain_problem(answer)) << "\n";
  }
  return status;
}

void list_opt_outs(const OptOutsOptions& o) {
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
  auto* opt_outs = app.add_subcommand(
      "opt-outs", "Numbers that get no SMS, whatever a customer's preferences say");
  opt_outs->require_subcommand(1);
  const auto add = [&](const char* name, const char* doc, bool takes_numbers, auto run) {
    auto options = std::make_shared<OptOutsOptions>();
    auto* command = opt_outs->add_subcommand(name, doc);
    add_server_options(*command, options->server);
    if (takes_numbers)
      command
          ->add_option("PHONE", options->phones,
                       "with country code (+49…); - reads numbers from standard input")
          ->required();
    command->callback([options, run, &exit_code] { exit_code = run(*options); });
  };
  add("add", "Send no SMS to these numbers any more", true,
      [](const OptOutsOptions& o) { return change_opt_outs(o, "POST", "opted out"); });
  add("remove", "Allow SMS to these numbers again (only if their owners asked for it)", true,
      [](const OptOutsOptions& o) { return change_opt_outs(o, "DELETE", "may get SMS again"); });
  add("list", "List all opted-out numbers, unmasked", false, [](const OptOutsOptions& o) {
    list_opt_outs(o);
    return exit_done;
  });
}

}  // namespace postrider::programs
