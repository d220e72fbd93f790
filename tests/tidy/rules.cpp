#include "tidy/rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <regex>

#include "tidy/source_text.hpp"

namespace postrider::tidy {
namespace {

bool any_prefix(std::string_view path, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](auto prefix) { return path.starts_with(prefix); });
}

bool any_suffix(std::string_view path, std::initializer_list<std::string_view> suffixes) {
  return std::any_of(suffixes.begin(), suffixes.end(),
                     [&](auto suffix) { return path.ends_with(suffix); });
}

bool is_cpp(const File& file) { return any_suffix(file.path, {".cpp", ".hpp"}); }

/// True for files that people write and read as code. Data and build files have no budget.
bool has_budget(const File& file) {
  return any_prefix(file.path, {"src/", "tests/", "bench/", "tools/", "infra/"}) &&
         any_suffix(file.path, {".cpp", ".hpp", ".py", ".sh", ".ts"});
}

/// UTF-8 characters, as clang-format counts.
int columns(std::string_view line) {
  return static_cast<int>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

/// "concurrency", "domain", "message", "wire", "ports", "pipeline", "settings", "programs",
/// "adapters/<name>", "adapters/aws/<name>" or "adapters/http/<name>" of a path in src/. Folders
/// below are rooms of it.
std::string layer_of(std::string_view path) {
  const auto end = path.find('/');
  if (end == std::string_view::npos) return "";
  auto layer = std::string{path.substr(0, end)};
  if (layer != "adapters") return layer;
  auto name_end = path.find('/', end + 1);
  const auto name = path.substr(0, name_end);
  if (name == "adapters/aws" || name == "adapters/http") name_end = path.find('/', name_end + 1);
  return std::string{path.substr(0, name_end)};
}

bool may_include(const std::string& from, const std::string& to) {
  if (from == to || from == "programs") return true;
  const auto one_of = [&](std::initializer_list<std::string_view> layers) {
    return std::find(layers.begin(), layers.end(), to) != layers.end();
  };
  if (from == "message") return one_of({"concurrency", "domain"});
  if (from == "ports") return one_of({"domain", "message"});
  if (from == "pipeline") return one_of({"concurrency", "domain", "message", "ports"});
  if (from == "wire") return one_of({"concurrency", "domain"});
  if (from == "settings") return one_of({"domain", "message"});
  // Inbound adapters call the stages.
  if (to == "pipeline") return from == "adapters/http/api" || from == "adapters/aws/lambda";
  if (to == "adapters/http/server") return from == "adapters/http/api";
  // All adapters of AWS sign and send in the same way.
  if (to == "adapters/aws/client") return from.starts_with("adapters/aws/");
  if (from.starts_with("adapters/"))
    return one_of({"concurrency", "domain", "message", "ports", "wire"});
  return false;  // domain, concurrency
}

/// No I/O, clock, thread or randomness in the domain.
constexpr std::array<std::string_view, 14> impure{"fstream",
                                                  "iostream",
                                                  "filesystem",
                                                  "cstdio",
                                                  "thread",
                                                  "mutex",
                                                  "atomic",
                                                  "future",
                                                  "random",
                                                  "ctime",
                                                  "shared_mutex",
                                                  "memory_resource",
                                                  "condition_variable",
                                                  "semaphore"};

/// Locks that Clang's thread safety analysis can't follow.
constexpr std::array<std::string_view, 3> unchecked_locks{"mutex", "shared_mutex",
                                                          "condition_variable"};

std::string why_system_include_is_forbidden(const std::string& layer, const std::string& name) {
  static const std::regex standard{"[a-z_]+"};
  const bool std_only = layer == "domain" || layer == "ports" || layer == "pipeline";
  if (std_only && !std::regex_match(name, standard)) return "only the standard library here";
  if (layer == "domain" && std::find(impure.begin(), impure.end(), name) != impure.end())
    return "the domain is pure";
  if (layer != "concurrency" &&
      std::find(unchecked_locks.begin(), unchecked_locks.end(), name) != unchecked_locks.end())
    return "concurrency/mutex.hpp has the locks that lint checks";
  return "";
}

}  // namespace

Findings long_file(const File& file) {
  const auto lines = static_cast<int>(lines_of(file.text).size());
  if (lines <= max_file_lines) return {};
  return {{"long_file", file.path, lines, std::to_string(lines) + " lines"}};
}

Findings long_line(const File& file) {
  Findings findings;
  int number = 0;
  for (const auto line : lines_of(file.text)) {
    ++number;
    if (columns(line) > max_line_columns)
      findings.push_back({"long_line", file.path, number, std::to_string(columns(line))});
  }
  return findings;
}

Findings long_function(const File& file) {
  Findings findings;
  for (const auto& function : functions_in(file.text))
    if (function.lines() > max_function_lines)
      findings.push_back({"long_function", file.path, function.first_line,
                          std::to_string(function.lines()) + " lines: " + function.head});
  return findings;
}

Findings forbidden_include(const File& file) {
  static const std::regex include{R"re(\s*#\s*include\s*(["<])([^">]+)[">].*)re"};
  Findings findings;
  const auto layer = layer_of(std::string_view{file.path}.substr(4));
  int number = 0;
  for (const auto line : lines_of(file.text)) {
    ++number;
    std::match_results<std::string_view::const_iterator> match;
    if (!std::regex_match(line.begin(), line.end(), match, include)) continue;
    const auto name = match[2].str();
    std::string why;
    if (match[1] == "<")
      why = why_system_include_is_forbidden(layer, name);
    else if (const auto to = layer_of(name); !may_include(layer, to))
      why = to.empty() ? "write the path from src/" : layer + " must not know " + to;
    if (!why.empty())
      findings.push_back({"forbidden_include", file.path, number, name + ": " + why});
  }
  return findings;
}

Findings read_clock(const File& file) {
  Findings findings;
  const auto code = blank_out(file.text);
  int number = 0;
  for (const auto line : lines_of(code)) {
    ++number;
    if (line.find("_clock::now") != std::string_view::npos)
      findings.push_back(
          {"read_clock", file.path, number, "time is an argument or the Clock port"});
  }
  return findings;
}

Findings vague_folder(const File& file) {
  static const std::regex vague{"(^|.*/)(common|utils?|helpers?|misc|shared)/.*"};
  if (!std::regex_match(file.path, vague)) return {};
  return {{"vague_folder", file.path, 0, "name the folder after what it does"}};
}

Findings header_opening(const File& file) {
  const auto lines = lines_of(file.text);
  const auto opening =
      std::find_if(lines.begin(), lines.end(), [](auto line) { return !line.starts_with("// "); });
  const auto count = opening - lines.begin();
  if (count >= 1 && count <= max_opening_lines && opening != lines.end() &&
      *opening == "#pragma once")
    return {};
  return {{"header_opening", file.path, 1, "one to four lines of comment, then #pragma once"}};
}

Findings full_folders(std::span<const File> files) {
  std::map<std::string, int> counts;
  for (const auto& file : files)
    if (has_budget(file)) ++counts[file.path.substr(0, file.path.rfind('/'))];
  Findings findings;
  for (const auto& [folder, count] : counts)
    if (count > max_folder_files)
      findings.push_back({"full_folder", folder, 0, std::to_string(count) + " files"});
  return findings;
}

Findings absolute_path(const File& file) {
  static const std::regex path{R"((^|[^\w.:/}~-])/(home|work|Users)/\w)"};
  Findings findings;
  int number = 0;
  for (const auto line : lines_of(file.text)) {
    ++number;
    if (std::regex_search(line.begin(), line.end(), path))
      findings.push_back({"absolute_path", file.path, number, std::string{line}});
  }
  return findings;
}

Findings check(const File& file) {
  Findings all;
  const auto add = [&](Findings findings) {
    all.insert(all.end(), findings.begin(), findings.end());
  };
  add(absolute_path(file));
  if (any_prefix(file.path, {"src/", "tests/", "bench/", "tools/"})) add(vague_folder(file));
  if (has_budget(file)) {
    add(long_file(file));
    add(long_line(file));
  }
  if (!is_cpp(file)) return all;
  add(long_function(file));
  if (file.path.ends_with(".hpp")) add(header_opening(file));
  if (any_prefix(file.path, {"src/"})) add(forbidden_include(file));
  if (any_prefix(file.path, {"src/domain/", "src/message/", "src/ports/", "src/pipeline/"}))
    add(read_clock(file));
  return all;
}

}  // namespace postrider::tidy
