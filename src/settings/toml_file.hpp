// A TOML file that a user wrote: its table, and the mistakes found in it, each as "FILE:LINE:
// what". Settings, texts and prices are read with it. For one thread.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postrider::settings {

/// Mistakes of a user, each a line.
using Problems = std::vector<std::string>;

/// Throws a UsageError with all of them, one a line, where there are any.
void throw_if_any(const Problems& problems);

class TomlFile {
 public:
  /// `path`: as the user named it, because that is how mistakes name it. `named_by`: the setting
  /// that names the file; empty: a command line does.
  explicit TomlFile(std::string path, std::string named_by = {})
      : path_{std::move(path)}, named_by_{std::move(named_by)} {}

  /// The file's table. Empty, with a problem noted, where the file can't be read or is no TOML.
  toml::table read();

  /// Notes a mistake at a line; 0: of the file as a whole.
  void add_problem(std::int64_t line, const std::string& what);
  void add_problem(const toml::source_region& place, const std::string& what) {
    add_problem(place.begin.line, what);
  }

  /// "FILE:LINE".
  std::string place(const toml::source_region& source) const;
  const std::string& path() const { return path_; }
  /// All mistakes, in the order of their lines.
  Problems problems() const;
  bool has_problems() const { return !problems_.empty(); }
  std::size_t problem_count() const { return problems_.size(); }

 private:
  /// Notes why the file as a whole can't be read.
  void add_unreadable(const std::string& why);

  std::string path_, named_by_;
  std::vector<std::pair<std::int64_t, std::string>> problems_;  // line and text
};

/// The value as a text: "50.5" for 50.5, "true" for true, "2026-11-01" for that date, the text
/// itself for a string. Nothing for a table, an array or a time.
std::optional<std::string> text_of_value(const toml::node& node);

}  // namespace postrider::settings
