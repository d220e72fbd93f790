// Each rule against a sample that breaks it and one that does not: a rule that can't fail is none.
#include "tidy/rules.hpp"

#include <gtest/gtest.h>

#include "tidy/source_text.hpp"

namespace postrider::tidy {
namespace {

std::string repeat(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::size_t found(Findings (*rule)(const File&), std::string path, std::string text) {
  return rule({std::move(path), std::move(text)}).size();
}

TEST(Rules, AFileHasAtMostFourHundredLines) {
  EXPECT_EQ(found(long_file, "src/x.cpp", repeat("\n", 400)), 0U);
  EXPECT_EQ(found(long_file, "src/x.cpp", repeat("\n", 401)), 1U);
  EXPECT_EQ(found(long_file, "src/x.cpp", repeat("\n", 400) + "no line end"), 1U);
}

TEST(Rules, ALineHasAtMostAHundredCharacters) {
  EXPECT_EQ(found(long_line, "src/x.cpp", repeat("ä", 100) + "\n"), 0U);
  EXPECT_EQ(found(long_line, "src/x.cpp", "\n" + repeat("ä", 101) + "\n"), 1U);
}

TEST(Rules, AFunctionHasAtMostSixtyLines) {
  const auto function = [](int inside) {
    return "int f() {\n" + repeat("  g();\n", inside) + "}\n";
  };
  EXPECT_EQ(found(long_function, "src/x.cpp", function(58)), 0U);
  EXPECT_EQ(found(long_function, "src/x.cpp", function(59)), 1U);
  EXPECT_EQ(found(long_function, "src/x.cpp",
                  "namespace a {\nclass B {\n public:\n" + function(59) + "};\n}\n"),
            1U);
  EXPECT_EQ(found(long_function, "src/x.cpp", "TEST(A, B) {\n" + repeat("\n", 60) + "}\n"), 1U);
  EXPECT_EQ(found(long_function, "src/x.cpp", "int x[] = {\n" + repeat("1,\n", 90) + "};\n"), 0U);
  EXPECT_EQ(
      found(long_function, "src/x.cpp", "const auto f = [](int x) {\n" + repeat("\n", 60) + "};\n"),
      1U);
}

TEST(Rules, TheArrowsPointInwards) {
  const auto includes = [](const char* path, const char* what) {
    return found(forbidden_include, path, std::string{"#include "} + what + "\n");
  };
  EXPECT_EQ(includes("src/domain/a.cpp", "\"domain/b.hpp\""), 0U);
  EXPECT_EQ(includes("src/domain/a.cpp", "\"message/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/domain/a.cpp", "<vector>"), 0U);
  EXPECT_EQ(includes("src/domain/a.cpp", "<nlohmann/json.hpp>"), 1U);
  EXPECT_EQ(includes("src/domain/a.cpp", "<unistd.h>"), 1U);
  EXPECT_EQ(includes("src/domain/a.cpp", "<thread>"), 1U);
  EXPECT_EQ(includes("src/domain/a.cpp", "\"b.hpp\""), 1U);
  EXPECT_EQ(includes("src/message/a.cpp", "<unicode/unistr.h>"), 0U);
  EXPECT_EQ(includes("src/message/a.cpp", "\"ports/clock.hpp\""), 1U);
  EXPECT_EQ(includes("src/ports/a.hpp", "\"message/b.hpp\""), 0U);
  EXPECT_EQ(includes("src/ports/a.hpp", "\"pipeline/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/pipeline/a.hpp", "\"ports/clock.hpp\""), 0U);
  EXPECT_EQ(includes("src/pipeline/a.hpp", "\"adapters/sqlite/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/pipeline/a.cpp", "<sqlite3.h>"), 1U);
  EXPECT_EQ(includes("src/adapters/sqlite/a.cpp", "\"adapters/sqlite/b.hpp\""), 0U);
  EXPECT_EQ(includes("src/adapters/sqlite/a.cpp", "\"adapters/http/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/adapters/sqlite/a.cpp", "\"pipeline/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/adapters/http/api/a.cpp", "\"pipeline/b.hpp\""), 0U);
  EXPECT_EQ(includes("src/adapters/http/api/a.cpp", "\"adapters/http/server/b.hpp\""), 0U);
  EXPECT_EQ(includes("src/adapters/http/server/a.cpp", "\"adapters/http/api/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/adapters/http/server/a.cpp", "\"pipeline/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/adapters/http_carrier/a.cpp", "\"pipeline/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/adapters/http/api/a.cpp", "\"programs/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/adapters/http_carrier/a.cpp", "\"wire/b.hpp\""), 0U);
  EXPECT_EQ(includes("src/pipeline/a.cpp", "\"wire/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/wire/a.cpp", "\"ports/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/adapters/aws/sqs/a.cpp", "\"adapters/aws/client/b.hpp\""), 0U);
  EXPECT_EQ(includes("src/adapters/aws/sqs/a.cpp", "\"adapters/aws/ses/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/adapters/aws/lambda/a.cpp", "\"pipeline/b.hpp\""), 0U);
  EXPECT_EQ(includes("src/adapters/aws/sqs/a.cpp", "\"pipeline/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/programs/serve/a.cpp", "\"adapters/http/api/b.hpp\""), 0U);
  EXPECT_EQ(includes("src/settings/a.cpp", "\"message/text/b.hpp\""), 0U);
  EXPECT_EQ(includes("src/settings/a.cpp", "\"programs/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/pipeline/a.cpp", "\"settings/b.hpp\""), 1U);
  EXPECT_EQ(includes("src/pipeline/a.hpp", "\"concurrency/mutex.hpp\""), 0U);
  EXPECT_EQ(includes("src/message/a.cpp", "\"concurrency/mutex.hpp\""), 0U);
  EXPECT_EQ(includes("src/wire/a.hpp", "\"concurrency/mutex.hpp\""), 0U);
  EXPECT_EQ(includes("src/adapters/smtp/a.hpp", "\"concurrency/mutex.hpp\""), 0U);
  EXPECT_EQ(includes("src/domain/a.hpp", "\"concurrency/mutex.hpp\""), 1U);
  EXPECT_EQ(includes("src/ports/a.hpp", "\"concurrency/mutex.hpp\""), 1U);
  EXPECT_EQ(includes("src/concurrency/a.hpp", "\"domain/b.hpp\""), 1U);
}

TEST(Rules, LocksAreThoseThatLintChecks) {
  const auto includes = [](const char* path, const char* what) {
    return found(forbidden_include, path, std::string{"#include "} + what + "\n");
  };
  EXPECT_EQ(includes("src/concurrency/a.hpp", "<mutex>"), 0U);
  EXPECT_EQ(includes("src/concurrency/a.hpp", "<condition_variable>"), 0U);
  EXPECT_EQ(includes("src/pipeline/a.hpp", "<mutex>"), 1U);
  EXPECT_EQ(includes("src/adapters/smtp/a.cpp", "<condition_variable>"), 1U);
  EXPECT_EQ(includes("src/programs/serve/a.cpp", "<shared_mutex>"), 1U);
  EXPECT_EQ(includes("src/programs/serve/a.cpp", "<thread>"), 0U);
}

TEST(Rules, AFolderHasAtMostFortyFiles) {
  std::vector<File> files;
  for (int i = 0; i < 40; ++i) files.push_back({"src/a/" + std::to_string(i) + ".cpp", ""});
  files.push_back({"src/a/below/b.cpp", ""});
  EXPECT_EQ(full_folders(files).size(), 0U);
  files.push_back({"src/a/b.cpp", ""});
  ASSERT_EQ(full_folders(files).size(), 1U);
  EXPECT_EQ(full_folders(files).front().path, "src/a");
}

TEST(Rules, TheInnerLayersReadNoClock) {
  EXPECT_EQ(found(read_clock, "src/domain/a.cpp", "x = std::chrono::system_clock::now();\n"), 1U);
  EXPECT_EQ(found(read_clock, "src/domain/a.cpp", "// never system_clock::now()\n"), 0U);
}

TEST(Rules, NoFolderHasAVagueName) {
  EXPECT_EQ(found(vague_folder, "src/common/a.hpp", ""), 1U);
  EXPECT_EQ(found(vague_folder, "src/adapters/util/a.hpp", ""), 1U);
  EXPECT_EQ(found(vague_folder, "tests/helpers/a.hpp", ""), 1U);
  EXPECT_EQ(found(vague_folder, "src/domain/util.hpp", ""), 0U);
  EXPECT_EQ(found(vague_folder, "src/uncommon/a.hpp", ""), 0U);
}

TEST(Rules, AHeaderOpensWithOneToFourCommentLines) {
  EXPECT_EQ(found(header_opening, "src/a.hpp", "// Why.\n#pragma once\n"), 0U);
  EXPECT_EQ(found(header_opening, "src/a.hpp", repeat("// Why.\n", 4) + "#pragma once\n"), 0U);
  EXPECT_EQ(found(header_opening, "src/a.hpp", "#pragma once\n// Why.\n"), 1U);
  EXPECT_EQ(found(header_opening, "src/a.hpp", "// Why.\n\n#include <vector>\n"), 1U);
  EXPECT_EQ(found(header_opening, "src/a.hpp", repeat("// Why.\n", 5) + "#pragma once\n"), 1U);
  EXPECT_EQ(found(header_opening, "src/a.hpp", ""), 1U);
}

TEST(Rules, NoPathOfSomebodysMachineIsKept) {
  const std::string slash = "/";  // or this file would break the rule
  EXPECT_EQ(found(absolute_path, "docs/a.md", "see " + slash + "home/ann/x\n"), 1U);
  EXPECT_EQ(found(absolute_path, "a.py", "x = '" + slash + "work/other'\n"), 1U);
  EXPECT_EQ(found(absolute_path, "a.md",
                  "https://example.org" + slash + "work/other, src" + slash + "work/x, $HOME\n"),
            0U);
  EXPECT_EQ(found(absolute_path, "a.md", "/usr/bin/python3, /var/lib/postrider\n"), 0U);
}

TEST(Rules, AllApplyToASourceInTheDomain) {
  const auto bad = "#include \"ports/clock.hpp\"\n" + repeat("x", 101) + "\nvoid f() {\n" +
                   repeat("\n", 400) + "auto t = system_clock::now();\n}\n";
  std::vector<std::string> rules;
  for (const auto& finding : check({"src/domain/common/a.hpp", bad})) rules.push_back(finding.rule);
  EXPECT_EQ(rules,
            (std::vector<std::string>{"vague_folder", "long_file", "long_line", "long_function",
                                      "header_opening", "forbidden_include", "read_clock"}));
}

TEST(SourceText, LosesCommentsLiteralsAndDirectivesButNoLine) {
  EXPECT_EQ(blank_out("a // {\nb"), "a     \nb");
  EXPECT_EQ(blank_out("a /* {\n} */ b"), "a     \n     b");
  EXPECT_EQ(blank_out("f(\"{\\\"\", '{', 1'000)"), "f(     ,    , 1'000)");
  EXPECT_EQ(blank_out("U'{' + 0x1'0'f + u8'}'"), "U    + 0x1'0'f + u8   ");
  EXPECT_EQ(blank_out("R\"x({\n)\" )x\" b"), "     \n       b");
  EXPECT_EQ(blank_out("#define X { \\\n {\nb"), "             \n  \nb");
}

TEST(SourceText, FindsFunctionsOfEveryShape) {
  const auto heads = [](std::string_view source) {
    std::vector<std::string> all;
    for (const auto& function : functions_in(source)) all.push_back(function.head);
    return all;
  };
  using Heads = std::vector<std::string>;
  EXPECT_EQ(heads("A::A(int x) : a_{x}, b_(2), c_{} {\n f();\n}\nvoid g() const {}"),
            (Heads{"A::A(int x) : a_{x}, b_(2), c_{}", "void g() const"}));
  EXPECT_EQ(heads("class A {\n public:\n  A() = default;\n  int f() { return 1; }\n  int x{1};\n"
                  "  bool operator==(const A&) const { return true; }\n};"),
            (Heads{"int f()", "bool operator==(const A&) const"}));
  EXPECT_EQ(heads("template <class T, class U = int>\nstruct S : B<T> {\n void f(X x = {}) {}\n};"),
            (Heads{"void f(X x = {})"}));
  EXPECT_EQ(heads("template <class T>\nauto f(T t) -> int {\n if (t) { g(); }\n}\nenum E { a };"),
            (Heads{"template <class T> auto f(T t) -> int"}));
  EXPECT_EQ(heads("const std::map<int, F(int)> t = {{1, f(2)}};\nint x = g({1});\nvoid h() {}"),
            (Heads{"void h()"}));
}

TEST(SourceText, CountsAFunctionFromItsHeadToItsBrace) {
  const auto found = functions_in("\n\nint f(int a,\n      int b)\n{\n  return a;\n}\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first_line, 3);
  EXPECT_EQ(found[0].last_line, 7);
}

}  // namespace
}  // namespace postrider::tidy
