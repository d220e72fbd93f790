// Each rule of the pages against samples that break it and samples that do not.
#include "tidy/page_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace postrider::tidy {
namespace {

using Words = std::vector<std::string>;

Words targets(std::string_view page) {
  Words all;
  for (const auto& link : links_in(page)) all.push_back(link.target);
  return all;
}

/// The findings on docs/a.md, which lies beside docs/b.md, docs/figures/x.svg and README.md.
Words link_problems(std::string text) {
  const std::vector<File> pages{{"docs/a.md", std::move(text)},
                                {"docs/b.md", "# B\n\n## One more\n\n## One more\n"},
                                {"README.md", "# Readme\n"}};
  const Words there{"docs/a.md", "docs/b.md", "README.md", "docs", "docs/figures/x.svg", "."};
  const auto exists = [&](const std::string& path) {
    return std::find(there.begin(), there.end(), path) != there.end();
  };
  Words all;
  for (const auto& finding : broken_links(pages, exists)) all.push_back(finding.what);
  return all;
}

/// The rules that these decisions break, given as file names and texts.
Words decision_problems(const std::vector<std::pair<std::string, std::string>>& decisions) {
  std::vector<File> files;
  for (const auto& [name, text] : decisions) files.push_back({"docs/decisions/" + name, text});
  Words all;
  for (const auto& finding : broken_decisions(files)) all.push_back(finding.rule);
  return all;
}

constexpr const char* first = "# 1. First\n\nStatus: accepted\n\nText.\n";

std::string first_with(const std::string& status) {
  return "# 1. First\n\nStatus: " + status + "\n\nText.\n";
}

/// A first decision of this status, and a second one that links to it.
Words with_second(const std::string& status) {
  return decision_problems(
      {{"0001-first.md", first_with(status)},
       {"0002-second.md", "# 2. Second\n\nStatus: accepted\n\nSee [1](0001-first.md).\n"}});
}

TEST(PageRules, FindLinksAndImagesButNoneInCode) {
  EXPECT_EQ(targets("[a](b.md), ![c](d.svg) and\n[e\nf](<g.md> \"title\")"),
            (Words{"b.md", "d.svg", "g.md"}));
  EXPECT_EQ(targets("see [a] and\n\n[a]: b.md\n"), (Words{"b.md"}));
  EXPECT_EQ(targets("`[a](b.md)`, ``[`](c.md)`` and `code [d](e.md)\nover lines`"), Words{});
  EXPECT_EQ(targets("a lone ` here\n\n[a](b.md) and another `"), (Words{"b.md"}));
  EXPECT_EQ(targets("```\n[a](b.md)\n```\n[c](d.md)\n  ~~~\n[e](f.md)\n"), (Words{"d.md"}));
}

TEST(PageRules, KnowTheLineOfALink) {
  const auto links = links_in("a\n```\nb\n```\n[c](d.md) [e\nf](g.md)\n");
  ASSERT_EQ(links.size(), 2U);
  EXPECT_EQ(links[0].line, 5);
  EXPECT_EQ(links[1].line, 6);
}

TEST(PageRules, NameHeadingsAsGitHubDoes) {
  EXPECT_EQ(anchors_in("# Who may call?\n## `a_b`, [c-d](e.md) & f\n### über 5 % – mehr ##\n"),
            (Words{"who-may-call", "a_b-c-d--f", "über-5---mehr"}));
  EXPECT_EQ(anchors_in("# A\n# A\n#no heading\n```\n# code\n```\n# A\n"),
            (Words{"a", "a-1", "a-2"}));
}

TEST(PageRules, LinksLeadToAFileAFolderOrAHeading) {
  EXPECT_EQ(link_problems("[a](b.md) [b](../README.md) [c](figures/x.svg) [d](../docs/) [e](..)"),
            Words{});
  EXPECT_EQ(link_problems("# A b\n[a](#a-b) [b](b.md#one-more) [c](b.md#one-more-1)"), Words{});
  EXPECT_EQ(link_problems("[a](https://example.org/x#y) [b](mailto:a@example.org) [c](//x.org)"),
            Words{});
}

TEST(PageRules, LinksThatLeadNowhereAreFound) {
  EXPECT_EQ(link_problems("[a](c.md)"), (Words{"c.md: there is no docs/c.md"}));
  EXPECT_EQ(link_problems("[a](docs/b.md)"), (Words{"docs/b.md: there is no docs/docs/b.md"}));
  EXPECT_EQ(link_problems("[a](b.md#two)"), (Words{"b.md#two: docs/b.md has no heading #two"}));
  EXPECT_EQ(link_problems("[a](#two)"), (Words{"#two: docs/a.md has no heading #two"}));
  EXPECT_EQ(link_problems("[a](figures/x.svg#b)").size(), 1U);
  EXPECT_EQ(link_problems("[a](../../x.md)"), (Words{"../../x.md: leads out of the project"}));
  EXPECT_EQ(link_problems("[a](/docs/b.md)").size(), 1U);
  EXPECT_EQ(link_problems("[a]()").size(), 1U);
  EXPECT_EQ(link_problems("[a][b]\n\n[b]: c.md\n").size(), 1U);
}

TEST(PageRules, DecisionsSayTheirStatus) {
  EXPECT_EQ(decision_problems({{"0001-first.md", first}}), Words{});
  EXPECT_EQ(with_second("superseded by [0002](0002-second.md)"), Words{});
  EXPECT_EQ(with_second("accepted; changed in part by [0002](0002-second.md):\nthe rest"), Words{});
  EXPECT_EQ(with_second("accepted; changed in part by [0002](0002-second.md): one; changed in part "
                        "by [0002](0002-second.md): two"),
            Words{});
  for (const char* status :
       {"", "Accepted", "accepted, mostly", "superseded", "superseded by 0002",
        "superseded by [2](0002-second.md)", "accepted; changed in part by [0002](0002-second.md)",
        "superseded by [0002](0002-second.md): all"})
    EXPECT_EQ(with_second(status), (Words{"decision_status"})) << status;
  EXPECT_EQ(decision_problems({{"0001-first.md", "# 1. First\n\nText.\n\nStatus: accepted\n"}}),
            (Words{"decision_status"}));
}

TEST(PageRules, ADecisionIsSupersededByALaterOneThatIsThereAndSaysSo) {
  EXPECT_EQ(with_second("superseded by [0003](0003-third.md)"), (Words{"decision_status"}));
  EXPECT_EQ(with_second("superseded by [0003](0002-second.md)"), (Words{"decision_status"}));
  EXPECT_EQ(with_second("superseded by [0001](0001-first.md)"), (Words{"decision_status"}));
  EXPECT_EQ(decision_problems({{"0001-first.md", first_with("superseded by [0002](0002-b.md)")},
                               {"0002-b.md", "# 2. B\n\nStatus: accepted\n"}}),
            (Words{"decision_status"}));
}

TEST(PageRules, DecisionsAreARowWithoutAGap) {
  const char* third = "# 3. Third\n\nStatus: accepted\n";
  EXPECT_EQ(decision_problems({{"0001-first.md", first}, {"0003-third.md", third}}),
            (Words{"decision_gap"}));
  EXPECT_EQ(decision_problems({{"0003-third.md", third}}), (Words{"decision_gap"}));
  EXPECT_EQ(decision_problems({{"0001-first.md", first}, {"0001-again.md", first}}),
            (Words{"decision_name"}));
  EXPECT_EQ(decision_problems({{"0001-first.md", first}, {"second.md", third}}),
            (Words{"decision_name"}));
  EXPECT_EQ(decision_problems({{"0001-first.md", "# 2. First\n\nStatus: accepted\n"}}),
            (Words{"decision_title"}));
}

}  // namespace
}  // namespace postrider::tidy
