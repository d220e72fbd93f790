// Applies the rules to the whole tree, less the exceptions in exceptions.txt.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "domain/lifecycle.hpp"
#include "tidy/rules.hpp"

namespace postrider::tidy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_exceptions = 0;  // lower it with the list, never raise it

const fs::path root{POSTRIDER_SOURCE_DIR};

std::string read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

bool is_ours(const fs::directory_entry& entry) {
  static const std::set<std::string> text{".cpp", ".hpp",   ".py",   ".sh",   ".md",
                                          ".txt", ".cmake", ".yml",  ".json", ".ts",
                                          ".js",  ".css",   ".html", ".toml", ".yaml"};
  const auto extension = entry.path().extension().string();
  return entry.is_regular_file() && (extension.empty() || text.contains(extension));
}

void add_folder(const fs::path& folder, std::vector<File>& files) {
  static const std::set<std::string> skipped{"node_modules", "__pycache__", ".git", "build"};
  if (!fs::exists(folder)) return;
  for (auto it = fs::recursive_directory_iterator{folder}; it != fs::end(it); ++it) {
    if (skipped.contains(it->path().filename().string())) it.disable_recursion_pending();
    if (is_ours(*it))
      files.push_back({fs::relative(it->path(), root).generic_string(), read(it->path())});
  }
}

std::vector<File> all_files() {
  std::vector<File> files;
  for (const char* folder :
       {"src", "tests", "bench", "tools", "docs", "examples", "web", "infra", "cmake", ".ci"})
    add_folder(root / folder, files);
  for (const auto& entry : fs::directory_iterator{root})
    if (is_ours(entry)) files.push_back({entry.path().filename().string(), read(entry.path())});
  return files;
}

using Exception = std::pair<std::string, std::string>;  // rule, path

std::set<Exception> exceptions() {
  std::set<Exception> all;
  std::ifstream in{root / "tests/tidy/exceptions.txt"};
  for (std::string line; std::getline(in, line);) {
    std::istringstream words{line};
    std::string rule, path;
    if (words >> rule >> path && rule != "#") all.emplace(rule, path);
  }
  return all;
}

TEST(Tree, KeepsTheRules) {
  const auto files = all_files();
  ASSERT_GT(files.size(), 50U);
  auto unused = exceptions();
  const auto allowed = unused;
  EXPECT_LE(allowed.size(), max_exceptions) << "the list of exceptions may only shrink";
  std::ostringstream broken;
  auto findings = full_folders(files);
  for (const auto& file : files) std::ranges::move(check(file), std::back_inserter(findings));
  for (const auto& finding : findings) {
    const Exception key{finding.rule, finding.path};
    unused.erase(key);
    if (!allowed.contains(key))
      broken << finding.path << ":" << finding.line << ": " << finding.rule << ": " << finding.what
             << "\n";
  }
  for (const auto& [rule, path] : unused)
    broken << "exceptions.txt: not needed any more: " << rule << " " << path << "\n";
  EXPECT_TRUE(broken.str().empty()) << broken.str();
}

TEST(Tree, DrawsTheLifeCycleThatTheTableHas) {
  const auto page = root / "docs/notification_lifecycle.md";
  if (std::getenv("POSTRIDER_REDRAW") != nullptr) std::ofstream{page} << domain::draw_lifecycle();
  EXPECT_EQ(read(page), domain::draw_lifecycle())
      << "run this test with POSTRIDER_REDRAW=1 to draw it again";
}

}  // namespace
}  // namespace postrider::tidy
