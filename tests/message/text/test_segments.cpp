#include "message/text/segments.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

using domain::Encoding;

std::string times(int n, std::string_view text) {
  std::string result;
  for (int i = 0; i < n; ++i) result += text;
  return result;
}

void expect(std::string_view text, Encoding encoding, int segments, int units) {
  const auto count = count_segments(text);
  EXPECT_EQ(count.encoding, encoding) << text;
  EXPECT_EQ(count.segments, segments) << text;
  EXPECT_EQ(count.units, units) << text;
}

// GSM 03.38 §6.2.1, typed from the standard's table row by row, not from the code under test.
constexpr std::string_view rows[] = {"@£$¥èéùìòÇ\nØø\rÅå", "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ",  " !\"#¤%&'()*+,-./",
                                     "0123456789:;<=>?",   "¡ABCDEFGHIJKLMNO", "PQRSTUVWXYZÄÖÑÜ§",
                                     "¿abcdefghijklmno",   "pqrstuvwxyzäöñüà"};

TEST(Segments, EveryCharacterOfTheDefaultAlphabetTakesOneSeptet) {
  int characters = 0;
  for (const auto row : rows) {
    for (std::size_t at = 0; at < row.size();) {
      const auto c = character_at(row, at);
      expect(row.substr(at, c.bytes), Encoding::gsm7, 1, 1);
      at += c.bytes;
      ++characters;
    }
  }
  EXPECT_EQ(characters, 127);
}

TEST(Segments, EveryCharacterOfTheExtensionTableTakesTwoSeptets) {
  for (const auto* c : {"\f", "^", "{", "}", "\\", "[", "~", "]", "|", "€"})
    expect(c, Encoding::gsm7, 1, 2);
}

TEST(Segments, ExactlyTheseCharactersAreGsm7) {
  int inside = 0;
  for (char32_t code = 1; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code < 0xE000) continue;
    std::string text;
    append_utf8(text, code);
    inside += is_gsm7(text);
  }
  EXPECT_EQ(inside, 127 + 10);
}

TEST(Segments, LookAlikesOutsideTheAlphabetForceUcs2) {
  for (const auto* c :
       {"`", "\t", "ç", "á", "í", "ó", "ú", "ê", "Α", "α", "’", "–", "\x1B", "\u00A0"})
    expect(c, Encoding::ucs2, 1, 1);
}

TEST(Segments, Gsm7HasPartsOf160AloneAnd153Together) {
  expect("", Encoding::gsm7, 1, 0);
  expect(times(160, "a"), Encoding::gsm7, 1, 160);
  expect(times(161, "a"), Encoding::gsm7, 2, 161);
  expect(times(306, "a"), Encoding::gsm7, 2, 306);
  expect(times(307, "a"), Encoding::gsm7, 3, 307);
  expect(times(80, "€"), Encoding::gsm7, 1, 160);
  expect(times(81, "€"), Encoding::gsm7, 2, 162);
}

TEST(Segments, Ucs2HasPartsOf70AloneAnd67Together) {
  expect(times(70, "ж"), Encoding::ucs2, 1, 70);
  expect(times(71, "ж"), Encoding::ucs2, 2, 71);
  expect(times(134, "ж"), Encoding::ucs2, 2, 134);
  expect(times(135, "ж"), Encoding::ucs2, 3, 135);
  expect(times(35, "😀"), Encoding::ucs2, 1, 70);
  expect(times(36, "😀"), Encoding::ucs2, 2, 72);
}

TEST(Segments, AnEscapePairIsNeverCut) {
  // 153 pairs are 306 septets, but a part of 153 holds only 76 whole pairs.
  expect(times(153, "]"), Encoding::gsm7, 3, 306);
  const auto parts = split_segments(times(153, "]"));
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0], times(76, "]"));
  EXPECT_EQ(parts[2], "]");
  EXPECT_EQ(split_segments(times(152, "a") + times(5, "€") + "aaaa")[0], times(152, "a"));
}

TEST(Segments, ASurrogatePairIsNeverCut) {
  expect(times(67, "😀"), Encoding::ucs2, 3, 134);  // 33 pairs a part, not 33 and a half
  EXPECT_EQ(split_segments(times(67, "😀"))[0], times(33, "😀"));
  expect("ж" + times(66, "😀"), Encoding::ucs2, 2, 133);
}

TEST(Segments, ALetterAndItsAccentsStayTogether) {
  const std::string accented = "ж\u0301";  // 2 units
  const auto parts = split_segments(times(66, "ж") + accented + times(10, "ж"));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0], times(66, "ж"));
  EXPECT_TRUE(parts[1].starts_with(accented));
  const std::string family = "👨\u200D👩\u200D👧";  // 8 units
  EXPECT_EQ(split_segments(times(60, "ж") + family + "жжж").at(1), family + "жжж");
  const std::string flag = "🇩🇪";  // 4 units
  EXPECT_EQ(split_segments(times(64, "ж") + flag + flag).at(1), flag + flag);
  EXPECT_EQ(split_segments(times(65, "ж") + "👍🏽" + "жжж").at(1), "👍🏽жжж");
}

TEST(Segments, AClusterLongerThanAPartIsCutBetweenCharacters) {
  const std::string zalgo = "e" + times(200, "\u0301");
  expect(zalgo, Encoding::ucs2, 3, 201);
  for (const auto& part : split_segments(zalgo)) EXPECT_LE(part.size(), 67U * 2);
}

rc::Gen<std::string> any_text() {
  const auto alphabet = rc::gen::elementOf(std::vector<char32_t>{
      U'a', U'Z', U' ', U'€', U']', U'[', U'é', U'ж', U'😀', U'Ω', U'’', U'\n', U'水'});
  const auto gsm = rc::gen::elementOf(std::vector<char32_t>{U'a', U'€', U'{', U'ß', U'7'});
  return rc::gen::exec([=] {
    const auto length = *rc::gen::inRange(0, 500);
    const bool gsm_only = *rc::gen::arbitrary<bool>();
    std::string text;
    for (int i = 0; i < length; ++i) append_utf8(text, gsm_only ? *gsm : *alphabet);
    return text;
  });
}

/// Units by another way than the code under test takes: the texts of the table above.
int units_of(std::string_view text, Encoding encoding) {
  int units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    const bool two =
        encoding == Encoding::ucs2
            ? c.code > 0xFFFF
            : std::u32string_view{U"\f^{}\\[~]|€"}.find(c.code) != std::u32string::npos;
    units += two ? 2 : 1;
    at += c.bytes;
  }
  return units;
}

RC_GTEST_PROP(SegmentProperties, ThePartsJoinedAreTheText, ()) {
  const auto text = *any_text();
  const auto parts = split_segments(text);
  RC_ASSERT(std::accumulate(parts.begin(), parts.end(), std::string{}) == text);
}

RC_GTEST_PROP(SegmentProperties, TheCountIsTheNumberOfParts, ()) {
  const auto text = *any_text();
  RC_ASSERT(count_segments(text).segments == static_cast<int>(split_segments(text).size()));
}

RC_GTEST_PROP(SegmentProperties, EveryPartFitsAndCouldNotTakeTheNextCharacter, ()) {
  const auto text = *any_text();
  const auto count = count_segments(text);
  const auto parts = split_segments(text);
  const int max_units = count.encoding == Encoding::gsm7 ? 153 : 67;
  if (parts.size() == 1) return;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    RC_ASSERT(units_of(parts[i], count.encoding) <= max_units);
    if (i + 1 == parts.size()) break;
    const auto next = character_at(parts[i + 1], 0);
    const auto longer = parts[i] + parts[i + 1].substr(0, next.bytes);
    RC_ASSERT(units_of(longer, count.encoding) > max_units);
  }
}

RC_GTEST_PROP(SegmentProperties, AnyBytesAreCountedWithoutHarm, (const std::string& bytes)) {
  const auto parts = split_segments(bytes);
  RC_ASSERT(std::accumulate(parts.begin(), parts.end(), std::string{}) == bytes);
}

}  // namespace
}  // namespace postrider::message
