#include "adapters/http/server/line_splitter.hpp"

namespace postrider::adapters::http {
namespace {

using testing::ElementsAre;

/// "number:text", with "!" for too long.
std::vector<std::string> described(const std::vector<Line>& lines) {
  std::vector<std::string> out;
  for (const auto& line : lines)
    out.push_back(std::to_string(line.number) + ":" +
                  (line.too_long ? "!" : std::string{line.text}));
  return out;
}

/// All lines of `text`, fed in pieces of `piece` octets.
std::vector<std::string> split(std::string_view text, std::size_t piece, std::size_t max_line) {
  LineSplitter splitter{max_line};
  std::vector<std::string> out;
  const auto keep = [&out](const std::vector<Line>& lines) {
    const auto more = described(lines);
    out.insert(out.end(), more.begin(), more.end());
    return !lines.empty();
  };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    std::string chunk{text.substr(at, piece)};
    splitter.feed(chunk);
    while (keep(splitter.take(2))) {
    }
  }
  keep(splitter.take_last());
  return out;
}

TEST(LineSplitter, GivesLinesHoweverTheOctetsArrive) {
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U})
    EXPECT_THAT(split("a\r\n\n  \nbb\nccc", piece, 100), ElementsAre("1:a", "4:bb", "5:ccc"))
        << piece;
}

TEST(LineSplitter, ReportsALineThatIsTooLongOnceAndGoesOn) {
  const std::string text = "ok\n" + std::string(50, 'x') + "\nnext\n" + std::string(11, 'y');
  for (const std::size_t piece : {1U, 4U, 13U, 1000U})
    EXPECT_THAT(split(text, piece, 10), ElementsAre("1:ok", "2:!", "3:next", "4:!")) << piece;
}

TEST(LineSplitter, GivesNoMoreLinesThanAskedAndLosesNone) {
  LineSplitter splitter{10};
  std::string chunk = "a\nb\nc\n";
  splitter.feed(chunk);
  EXPECT_TRUE(chunk.empty());
  EXPECT_THAT(described(splitter.take(2)), ElementsAre("1:a", "2:b"));
  chunk = "d\n";
  splitter.feed(chunk);
  EXPECT_THAT(described(splitter.take(9)), ElementsAre("3:c", "4:d"));
  EXPECT_EQ(splitter.next_line(), 5U);
  EXPECT_TRUE(splitter.take_last().empty());
}

TEST(LineSplitter, HoldsNoMoreThanALineOfWhatIsTooLong) {
  LineSplitter splitter{1000};
  for (int i = 0; i < 1000; ++i) {
    std::string chunk(999, 'x');
    splitter.feed(chunk);
    EXPECT_TRUE(splitter.take(1).empty());
  }
  std::string end = "\n";
  splitter.feed(end);
  EXPECT_THAT(described(splitter.take(1)), ElementsAre("1:!"));
}

}  // namespace
}  // namespace postrider::adapters::http
