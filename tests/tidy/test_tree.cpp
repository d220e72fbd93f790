// Applies the rules to the whole tree, less the exceptions in exceptions.txt.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "domain/delivery/lifecycle.hpp"
#include "tidy/rules.hpp"
#include "tidy/tree.hpp"

namespace postrider::tidy {
namespace {

constexpr std::size_t max_exceptions = 0;  // lower it with the list, never raise it

using Exception = std::pair<std::string, std::string>;  // rule, path

std::set<Exception> exceptions() {
  std::set<Exception> all;
  std::ifstream in{root() / "tests/tidy/exceptions.txt"};
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
  const auto page = root() / "docs/notification_lifecycle.md";
  if (std::getenv("POSTRIDER_REDRAW") != nullptr) std::ofstream{page} << domain::draw_lifecycle();
  EXPECT_EQ(read(page), domain::draw_lifecycle())
      << "run this test with POSTRIDER_REDRAW=1 to draw it again";
}

}  // namespace
}  // namespace postrider::tidy
