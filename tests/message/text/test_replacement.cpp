#include "message/text/replacement.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <unicode/uchar.h>

#include "message/text/segments.hpp"
#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string replaced(std::string_view text) { return replace_for_gsm7(text).text; }

void expect_unchanged(std::string_view text) {
  const auto result = replace_for_gsm7(text);
  EXPECT_EQ(result.text, text);
  EXPECT_TRUE(result.replaced.empty()) << text;
}

TEST(Replacement, TypographyBecomesWhatTypewritersHave) {
  EXPECT_EQ(replaced("“Hi” – ‘it’s’ here… now"), "\"Hi\" - 'it's' here... now");
  EXPECT_EQ(replaced("«Oui» ‹non› „ja“ a—b a−b"), "\"Oui\" 'non' \"ja\" a-b a-b");
  EXPECT_EQ(replaced("50\u00A0€, 1\u202F000,\u2009x\u3000y"), "50 €, 1 000, x y");
  EXPECT_EQ(replaced("5′ 6″ 2×3 ≤7 → ™"), "5' 6\" 2x3 <=7 -> (TM)");
}

TEST(Replacement, InvisibleCharactersAreRemoved) {
  EXPECT_EQ(replaced("a\u200Bb\u00ADc\uFEFFd\u2060e\u200Ef"), "abcdef");
  EXPECT_EQ(replaced(std::string{"a\x1B\x01z"}), "az");
}

TEST(Replacement, LettersLoseOnlyTheAccentsThatGsm7Lacks) {
  EXPECT_EQ(replaced("Łódź Gdańsk ąęćżś"), "Lodz Gdansk aeczs");
  EXPECT_EQ(replaced("façade ÇA á í ó ú ê â"), "facade ÇA a i o u e a");
  EXPECT_EQ(replaced("Müller à Malmö, café ñ"), "Müller à Malmö, café ñ");
  EXPECT_EQ(replaced("İstanbul ığş Đorđe Œuvre œ þ"), "Istanbul igs Dorde OEuvre oe th");
  EXPECT_EQ(replaced("ǖ ǟ"), "ü ä") << "the first accent stays where GSM-7 has it";
  EXPECT_EQ(replaced("Việt Nam Đường"), "Viet Nam Duong");
}

TEST(Replacement, DecomposedTextIsComposedFirst) {
  EXPECT_EQ(replaced("cafe\u0301 u\u0308ber"), "café über");
  EXPECT_EQ(replaced("Lo\u0301dz\u0301"), "Lodz");
  EXPECT_EQ(replaced("\u2126 \u212B \u212A"), "Ω Å K");
}

TEST(Replacement, CompatibilityFormsBecomeTheirLetters) {
  EXPECT_EQ(replaced("ﬁnal ﬂat ＡＢＣ１２ № 5 Ⅷ"), "final flat ABC12 No 5 VIII");
}

TEST(Replacement, NumbersKeepTheirValue) {
  EXPECT_EQ(replaced("½ l"), "1/2 l");
  EXPECT_EQ(replaced("1½ kg"), "1 1/2 kg");
  EXPECT_EQ(replaced("20 m²"), "20 m2");
  expect_unchanged("10² = 100");
  expect_unchanged("①2");
}

TEST(Replacement, ASignIsNeverTurnedIntoItsOpposite) {
  expect_unchanged("a ≠ b");
  expect_unchanged("20 °C");
}

TEST(Replacement, OtherAlphabetsAreNeverTransliterated) {
  for (const auto* text :
       {"Ваш заказ", "ΑΒΕ", "Ώρα", "γεια", "注文", "طلبك", "Дом – “сад”", "МОСКВА"})
    expect_unchanged(text);
  EXPECT_EQ(replaced("ΓΔΩ"), "ΓΔΩ") << "these capitals are GSM-7";
}

TEST(Replacement, OneCharacterThatCannotBeReplacedKeepsTheWholeText) {
  expect_unchanged("“Thanks” – 😀");
  expect_unchanged("Łódź ✓ 水");
  expect_unchanged("1️⃣ done…");
}

TEST(Replacement, LinksAreNeverTouched) {
  EXPECT_EQ(replaced("See – https://shop.example/a~b?q=[1]"),
            "See - https://shop.example/a~b?q=[1]");
  expect_unchanged("See – https://shop.example/łódź");
  expect_unchanged("See – HTTPS://shop.example/a–b");
  EXPECT_EQ(replaced("“https://shop.example/x” is it"), "\"https://shop.example/x\" is it");
}

TEST(Replacement, EachPairIsReportedOnce) {
  const auto result = replace_for_gsm7("’a’ – ’b’ – e\u0301");
  EXPECT_EQ(result.replaced, (Pairs{{"’", "'"}, {"–", "-"}, {"e\u0301", "é"}}));
}

TEST(Replacement, ATextThatWouldGetDearerStays) {
  std::string dots;
  for (int i = 0; i < 70; ++i) dots += "…";
  ASSERT_EQ(count_segments(dots).segments, 1);
  expect_unchanged(dots);
}

TEST(Replacement, EveryAssignedCharacterGoesThrough) {
  int assigned = 0;
  for (UChar32 code = 1; code <= 0x10FFFF; ++code) {
    const auto type = u_charType(code);
    if (type == U_UNASSIGNED || type == U_SURROGATE) continue;
    ++assigned;
    std::string text{"Order "};
    append_utf8(text, static_cast<char32_t>(code));
    text += "7 https://shop.example/t?o=1";
    const auto result = replace_for_gsm7(text);
    ASSERT_TRUE(result.text == text || is_gsm7(result.text)) << code;
    ASSERT_LE(count_segments(result.text).segments, count_segments(text).segments) << code;
    ASSERT_TRUE(result.text.ends_with("7 https://shop.example/t?o=1")) << code;
    ASSERT_EQ(replace_for_gsm7(result.text).text, result.text) << code;
  }
  EXPECT_GT(assigned, 280'000) << "Unicode 14 and 15 have that many, private use included";
}

rc::Gen<std::string> any_text() {
  return rc::gen::exec([] {
    std::string text;
    const auto length = *rc::gen::inRange(0, 60);
    for (int i = 0; i < length; ++i) {
      const auto block = *rc::gen::elementOf(std::vector<std::pair<int, int>>{
          {0x20, 0x7F}, {0x80, 0x250}, {0x2000, 0x2070}, {0x300, 0x340}, {0x1E00, 0x1F00}});
      append_utf8(text, static_cast<char32_t>(*rc::gen::inRange(block.first, block.second)));
    }
    return text;
  });
}

RC_GTEST_PROP(ReplacementProperties, ItIsAllOrNothing, ()) {
  const auto text = *any_text();
  const auto result = replace_for_gsm7(text);
  RC_ASSERT(result.text == text || is_gsm7(result.text));
  RC_ASSERT(result.text != text || result.replaced.empty());
}

RC_GTEST_PROP(ReplacementProperties, ASecondTimeChangesNothingAndCostNeverRises, ()) {
  const auto text = *any_text();
  const auto once = replace_for_gsm7(text).text;
  RC_ASSERT(replace_for_gsm7(once).text == once);
  RC_ASSERT(count_segments(once).segments <= count_segments(text).segments);
}

TEST(ReplacementRules, LettersMayKeepTheirAccents) {
  using Letters = ReplacementRules::Letters;
  const std::string cheap = "Zamówienie";
  const std::string dear(80, 'x');
  const auto by = [](const std::string& text, Letters letters) {
    return replace_for_gsm7(text, {letters, {}}).text;
  };
  EXPECT_EQ(by(cheap, Letters::always), "Zamowienie");
  EXPECT_EQ(by(cheap, Letters::when_cheaper), cheap) << "one segment either way";
  EXPECT_EQ(by(dear + "ó", Letters::when_cheaper), dear + "o");
  EXPECT_EQ(by(dear + "ó", Letters::never), dear + "ó");
  EXPECT_EQ(by("a – b", Letters::never), "a - b") << "a dash is no letter";
  EXPECT_EQ(by("a – b", Letters::when_cheaper), "a - b");
  EXPECT_EQ(by("e\u0301", Letters::never), "é") << "the same letter, written otherwise";
}

TEST(ReplacementRules, SomeCharactersMayBeKept) {
  const ReplacementRules french{ReplacementRules::Letters::always, U"çœ"};
  EXPECT_EQ(replace_for_gsm7("ça", french).text, "ça");
  EXPECT_EQ(replace_for_gsm7("c\u0327a – b", french).text, "c\u0327a – b") << "no half measures";
  EXPECT_EQ(replace_for_gsm7("tête – ça", {}).text, "tete - ca");
  EXPECT_EQ(replace_for_gsm7("tête", french).text, "tete");
}

}  // namespace
}  // namespace postrider::message
