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

namespace {

/// What to do about a mistake that the parser names in its own words; empty: they say it.
std::string advice_on(std::string_view description) {
  constexpr std::pair<std::string_view, std::string_view> advice[] = {
      {"could not determine value type",
       " (a text stands in quotes, a number has no sign or unit)"},
      {"expected digit", " (a text stands in quotes, also one that begins with a digit)"},
      {"utf-8", " (save the file as UTF-8)"},
      {"unescaped control characters", " (is the quote at the end of the line missing?)"},
      {"cannot redefine existing table", " (the section stands above already: join the two)"},
  };
  for (const auto& [part, what] : advice)
    if (description.find(part) != description.npos) return std::string{what};
  return {};
}

}  // namespace

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
  try {
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    return toml::parse(text, path_);
  } catch (const toml::parse_error& e) {
    add_problem(e.source(), std::string{e.description()} + advice_on(e.description()));
  } catch (const std::ios_base::failure& e) {
    add_unreadable(std::string{"can't read the file: "} + e.what());
  }
  return {};
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
