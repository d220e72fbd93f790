#include "programs/cli/help_formatter.hpp"

#include <sstream>

namespace postrider::programs {
namespace {

constexpr std::size_t terminal_width = 80;

/// Appends `line`, ASCII, in lines of at most 80 columns; what goes on is indented by `indent`.
/// A word that is longer stays whole.
void append_folded(std::string& page, std::string line, std::size_t indent) {
  while (line.size() > terminal_width) {
    auto end = line.rfind(' ', terminal_width);
    if (end == std::string::npos || end <= indent) end = line.find(' ', terminal_width);
    if (end == std::string::npos) break;
    page.append(line, 0, end).append(1, '\n');
    line = std::string(indent, ' ') + line.substr(end + 1);
  }
  page.append(line).append(1, '\n');
}

}  // namespace

std::string HelpFormatter::make_help(const CLI::App* app, std::string name,
                                     CLI::AppFormatMode mode) const {
  std::istringstream lines{CLI::Formatter::make_help(app, std::move(name), mode)};
  std::string page;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() && page.ends_with("\n\n")) continue;  // CLI11 sets groups off by two
    append_folded(page, std::move(line), line.starts_with("  ") ? description_column : 0);
  }
  return page;
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  if (!is_positional && option->get_positional()) return {};
  return CLI::Formatter::make_option(option, is_positional);
}

}  // namespace postrider::programs
