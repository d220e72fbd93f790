// The layout of `--help`: CLI11's, folded for a terminal of 80 columns.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace postrider::programs {

class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(description_column); }
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
  /// One that may stand alone or behind its name is told once, as it is used alone.
  std::string make_option(const CLI::Option* option, bool is_positional) const override;

 private:
  static constexpr std::size_t description_column = 34;
};

}  // namespace postrider::programs
