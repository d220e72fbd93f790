#include "programs/cli/command_line.hpp"

#include <sys/stat.h>

#include <iostream>

#include "programs/cli/commands.hpp"
#include "programs/serve/serve_command.hpp"
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
  app.set_version_flag("--version", std::string{"postrider "} + version);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer("Exit: 0 done, 1 refused or not found, 2 usage, 70 internal error.");
  int exit_code = exit_done;
  try {
    add_commands(app, exit_code);
    if (more) more(app, exit_code);
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
