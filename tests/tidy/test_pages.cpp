// Applies the rules of the pages to every Markdown page of the project.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "tidy/page_rules.hpp"
#include "tidy/tree.hpp"

namespace postrider::tidy {
namespace {

std::vector<File> pages_below(const std::string& folder) {
  std::vector<File> pages;
  for (auto& file : all_files())
    if (file.path.starts_with(folder) && file.path.ends_with(".md"))
      pages.push_back(std::move(file));
  return pages;
}

std::string lines_of(const Findings& findings) {
  std::ostringstream text;
  for (const auto& finding : findings)
    text << finding.path << ":" << finding.line << ": " << finding.rule << ": " << finding.what
         << "\n";
  return text.str();
}

TEST(Pages, LinkToWhatIsThere) {
  const auto pages = pages_below("");
  ASSERT_GT(pages.size(), 30U);
  std::size_t links = 0;
  for (const auto& page : pages) links += links_in(page.text).size();
  ASSERT_GT(links, 50U);
  const auto exists = [](const std::string& path) {
    return std::filesystem::exists(root() / path);
  };
  EXPECT_EQ(lines_of(broken_links(pages, exists)), "");
}

TEST(Pages, DecisionsSayWhatHolds) {
  const auto decisions = pages_below("docs/decisions/");
  ASSERT_GT(decisions.size(), 20U);
  EXPECT_EQ(lines_of(broken_decisions(decisions)), "");
}

}  // namespace
}  // namespace postrider::tidy
