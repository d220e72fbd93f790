#include "programs/cli/help_formatter.hpp"

#include <sstream>

#include "programs/terminal.hpp"

namespace postrider::programs {
std::string HelpFormatter::make_help(const CLI::App* app, std::string name,
                                     CLI::AppFormatMode mode) const {
  std::istringstream lines{CLI::Formatter::make_help(app, std::move(name), mode)};
  std::string page;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() && page.ends_with("\n\n")) continue;  // CLI11 sets groups off by two
    page += folded(line, line.starts_with("  ") ? description_column : 0);
  }
  return page;
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  if (!is_positional && option->get_positional()) return {};
  return CLI::Formatter::make_option(option, is_positional);
}

}  // namespace postrider::programs
