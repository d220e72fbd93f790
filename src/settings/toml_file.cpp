#include "settings/toml_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "settings/units.hpp"
#include "settings/usage_error.hpp"

namespace postrider::settings {

void throw_if_any(const Problems& problems) {
  if (problems.empty()) return;
  std::string lines;
  for (const auto& problem : problems) lines += (lines.empty() ? "" : "\n") + problem;
  throw UsageError{lines};
}

toml::table TomlFile::read() {
  std::error_code error;
  const auto status = std::filesystem::status(path_, error);
  if (!std::filesystem::exists(status)) {
    add_unreadable("there is no such file");
    return {};
  }
  if (!std::filesystem::is_regular_file(status)) {
    add_unreadable("this is no file that can be read");
    return {};
  }
  std::ifstream file{path_, std::ios::binary};
  if (!file) {
    add_unreadable(std::string{"can't read the file: "} + std::strerror(errno));
    return {};
  }
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  try {
    return toml::parse(text, path_);
  } catch (const toml::parse_error& e) {
    add_problem(e.source(), std::string{e.description()});
    return {};
  }
}

void TomlFile::add_problem(std::int64_t line, const std::string& what) {
  problems_.emplace_back(line, path_ + (line > 0 ? ":" + std::to_string(line) : "") + ": " + what);
}

void TomlFile::add_unreadable(const std::string& why) {
  problems_.emplace_back(0, (named_by_.empty() ? "" : named_by_ + ": ") + path_ + ": " + why);
}

Problems TomlFile::problems() const {
  auto sorted = problems_;
  std::ranges::stable_sort(sorted, {}, [](const auto& problem) { return problem.first; });
  Problems texts;
  for (auto& [line, text] : sorted) texts.push_back(std::move(text));
  return texts;
}

std::string TomlFile::place(const toml::source_region& source) const {
  return path_ + ":" + std::to_string(source.begin.line);
}

std::optional<std::string> text_of_value(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* number = node.as_floating_point()) return print_fraction(number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* date = node.as_date()) {
    std::ostringstream text;
    text << date->get();
    return text.str();
  }
  return std::nullopt;
}

}  // namespace postrider::settings
