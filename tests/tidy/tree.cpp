#include "tidy/tree.hpp"

#include <fstream>
#include <set>
#include <sstream>

namespace postrider::tidy {
namespace {

namespace fs = std::filesystem;

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
      files.push_back({fs::relative(it->path(), root()).generic_string(), read(it->path())});
  }
}

}  // namespace

const fs::path& root() {
  static const fs::path folder{POSTRIDER_SOURCE_DIR};
  return folder;
}

std::string read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::vector<File> all_files() {
  std::vector<File> files;
  for (const char* folder : {"src", "tests", "bench", "tools", "docs", "examples", "web", "infra",
                             "cmake", ".ci", ".github"})
    add_folder(root() / folder, files);
  for (const auto& entry : fs::directory_iterator{root()})
    if (is_ours(entry) && entry.path().filename() != ".git")  // a file in a second working tree
      files.push_back({entry.path().filename().string(), read(entry.path())});
  return files;
}

}  // namespace postrider::tidy
