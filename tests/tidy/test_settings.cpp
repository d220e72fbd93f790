// A setting stands once: in the table of settings, from which the page of the documentation and all
// readers follow.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "settings/reference.hpp"
#include "tidy/tree.hpp"

namespace postrider::tidy {
namespace {

constexpr std::string_view begin_mark = "<!-- the table: POSTRIDER_REDRAW=1 writes it -->\n";

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

/// Text files of a folder of the project, but for built and installed ones.
std::vector<File> files_of(const std::string& folder) {
  std::vector<File> found;
  for (auto& file : all_files())
    if (file.path.starts_with(folder)) found.push_back(std::move(file));
  return found;
}

TEST(Settings, ThePageHasTheTable) {
  const auto page = root() / "docs/configuration.md";
  const auto text = read(page);
  const auto mark = text.find(begin_mark);
  ASSERT_NE(mark, text.npos) << "docs/configuration.md has no place for the table";
  const auto wanted =
      text.substr(0, mark + begin_mark.size()) + "\n" + settings::reference_tables();
  if (std::getenv("POSTRIDER_REDRAW") != nullptr) std::ofstream{page} << wanted;
  EXPECT_EQ(read(page), wanted) << "run this test with POSTRIDER_REDRAW=1 to write it again";
}

TEST(Settings, EachIsReadInOnePlace) {
  const auto table = read(root() / "src/settings/config_keys.cpp");
  std::set<std::string> names, variables;
  for (const auto& key : settings::config_keys()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name << " stands twice in the table";
    EXPECT_EQ(count_of(table, "\"" + key.name + "\","), 1U) << key.name;
    if (key.variable.empty()) continue;
    EXPECT_TRUE(variables.insert(key.variable).second) << key.variable << " is of two settings";
  }
  for (const auto* folder : {"src/"})
    for (const auto& file : files_of(folder))
      for (const auto& variable : variables) {
        const bool here = file.path == "src/settings/config_keys.cpp";
        EXPECT_EQ(count_of(file.text, "\"" + variable + "\""), here ? 1U : 0U)
            << file.path << ": " << variable << " is read by the table of settings alone";
        EXPECT_EQ(count_of(file.text, variable + ":"), 0U) << file.path << ": " << variable;
      }
  // The stack hands the variables on as `config show` names them.
  for (const auto* folder : {"infra/bin/", "infra/lib/"})
    for (const auto& file : files_of(folder))
      for (const auto& variable : variables)
        EXPECT_EQ(count_of(file.text, variable), 0U) << file.path << ": " << variable;
}

TEST(Settings, EachMemberOfConfigHasOneKey) {
  const auto table = read(root() / "src/settings/config_keys.cpp");
  EXPECT_EQ(count_of(table, "FIELD("), settings::config_keys().size() + 1) << "one is the macro";
  for (const auto& key : settings::config_keys()) {
    const auto at = table.find("\"" + key.name + "\",");
    const auto field = table.substr(table.find("FIELD(", at));
    const auto member = field.substr(6, field.find(')') - 6);
    EXPECT_EQ(count_of(table, "FIELD(" + member + ")"), 1U) << member;
  }
}

}  // namespace
}  // namespace postrider::tidy
