#include "programs/cli/command_line.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <iostream>

#include "message/text/nearest_name.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/help_formatter.hpp"
#include "programs/serve/serve_command.hpp"
#include "programs/terminal.hpp"
#include "programs/version.hpp"

namespace postrider::programs {
namespace {

void add_commands(CLI::App& app, int& exit_code) {
  add_serve_command(app, exit_code);
  add_import_command(app, exit_code);
  add_customers_command(app, exit_code);
  add_opt_outs_command(app, exit_code);
  add_notifications_command(app, exit_code);
  add_dead_letters_command(app, exit_code);
  add_keys_command(app, exit_code);
  add_config_command(app, exit_code);
  add_preview_command(app, exit_code);
  add_report_command(app, exit_code);
  add_explain_command(app, exit_code);
  add_doctor_command(app, exit_code);
  add_verify_command(app, exit_code);
}

/// UsageError where `word`, the first one after the program's name, should be a command and is
/// none. CLI11 would only say that a command is missing.
void check_command(const CLI::App& app, std::string_view word) {
  if (word.empty() || word.starts_with('-')) return;
  std::vector<std::string_view> names;
  for (const auto* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), word) != names.end()) return;
  constexpr std::size_t longest_name = 20;
  constexpr std::size_t slips = 2;
  std::string text = "there is no command \"" + plain(word) + "\"";
  if (const auto near = message::nearest_name(word.substr(0, longest_name), names);
      near && near->distance <= slips)
    text.append("; did you mean \"").append(near->name).append("\"?");
  throw UsageError{text + " (`postrider --help` lists the commands)"};
}

int report_error(const std::exception& e, int code) {
  std::cout.flush();
  std::cerr << "postrider: " << e.what() << std::endl;
  return code;
}

}  // namespace

int run_command_line(int argc, const char* const* argv, const AddCommands& more) {
  // The program's files are about people, so that no other user of the machine may read them.
  ::umask(S_IRWXG | S_IRWXO);
  CLI::App app{"Postrider: order events in, SMS out, e-mail where SMS fails. Nothing is lost."};
  app.name("postrider");
  app.formatter(std::make_shared<HelpFormatter>());  // of all commands: they copy it
  app.set_version_flag("--version", std::string{"postrider "} + version);
  app.require_subcommand(1);
  app.footer("Exit: 0 done, 1 refused or not found, 2 usage, 70 internal error.");
  int exit_code = exit_done;
  try {
    add_commands(app, exit_code);
    if (more) more(app, exit_code);
    if (argc > 1) check_command(app, argv[1]);
    app.parse(argc, argv);
    return exit_code;
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_done : exit_usage;
  } catch (const UsageError& e) {
    return report_error(e, exit_usage);
  } catch (const Refused& e) {
    return report_error(e, exit_refused);
  } catch (const std::exception& e) {
    return report_error(e, exit_internal);
  }
}

}  // namespace postrider::programs
