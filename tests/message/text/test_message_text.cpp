#include <gtest/gtest.h>

#include <thread>

#include "message/text/message_text.hpp"

namespace postrider::message {
namespace {

using Values = std::vector<std::pair<std::string_view, std::string_view>>;

/// The text, or "error: …".
std::string filled(std::string_view pattern, const Values& values, std::string_view locale = "en") {
  const auto text = MessageText::parse(pattern, locale);
  if (!text) return "refused";
  std::string out;
  const auto done = text->append_to(out, values);
  return done ? out : "error: " + done.error().what;
}

TEST(MessageText, NamesAreReplacedByValues) {
  EXPECT_EQ(filled("Order {id} is {what}.{id}", {{"id", "7"}, {"what", "here"}}),
            "Order 7 is here.7");
  EXPECT_EQ(filled("no names", {}), "no names");
  EXPECT_EQ(filled("", {}), "");
  EXPECT_EQ(filled("{ü}é{ü}", {{"ü", "1"}}), "1é1");
  EXPECT_EQ(filled("{a}", {{"a", "first"}, {"a", "second"}}), "first");
}

TEST(MessageText, ApostrophesQuoteAsInIcu) {
  EXPECT_EQ(filled("l'or '{'x'}' it''s {a}", {{"a", "1"}}), "l'or {x} it's 1");
}

TEST(MessageText, PluralSelectNumberAndDateFollowTheLocale) {
  const auto* parcels = "{n, plural, =0 {nothing} one {# parcel} other {# parcels}} for {who}";
  EXPECT_EQ(filled(parcels, {{"n", "0"}, {"who", "A"}}), "nothing for A");
  EXPECT_EQ(filled(parcels, {{"n", "1"}, {"who", "A"}}), "1 parcel for A");
  EXPECT_EQ(filled(parcels, {{"n", "1200"}, {"who", "A"}}), "1,200 parcels for A");
  EXPECT_EQ(filled("{g, select, f {her {x}} other {their {x}}}", {{"g", "f"}, {"x", "box"}}),
            "her box");
  EXPECT_EQ(filled("{n, number}", {{"n", "1234.5"}}, "de"), "1.234,5");
  EXPECT_EQ(filled("{d, date, ::yMMMMd}", {{"d", "2026-11-25T12:00:00Z"}}, "de"),
            "25. November 2026");
}

TEST(MessageText, AMissingOrWrongValueNamesTheArgumentOnly) {
  EXPECT_EQ(filled("Hi {name}", {{"other", "x"}}), "error: no value for \"name\"");
  EXPECT_EQ(filled("{n, plural, other {#}}", {}), "error: no value for \"n\"");
  EXPECT_EQ(filled("{n, plural, other {#}}", {{"n", "Anna"}}), "error: \"n\" must be a number");
  EXPECT_EQ(filled("{d, date}", {{"d", "soon"}}), "error: \"d\" must be a date");
}

TEST(MessageText, ABrokenPatternIsRefusedWhenItIsLoaded) {
  for (const auto* pattern : {"{", "{a", "{a, plural, one {x}}", "{0}", "{a b}", "{a, select}"})
    EXPECT_EQ(filled(pattern, {{"a", "1"}}), "refused") << pattern;
}

TEST(MessageText, ItKnowsItsNames) {
  const auto text = MessageText::parse("{a} {b, select, x {{c}} other {{a}}}", "en");
  ASSERT_TRUE(text);
  EXPECT_EQ(text->names(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(MessageText, ThreadsShareOneText) {
  const auto text = MessageText::parse("{n, plural, one {# day} other {# days}} {m, number}", "en");
  ASSERT_TRUE(text);
  std::atomic<int> wrong{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      const auto n = std::to_string(t + 2);
      for (int i = 0; i < 500; ++i) {
        std::string out;
        const Values values{{"n", n}, {"m", n}};
        if (!text->append_to(out, values) || out != n + " days " + n) ++wrong;
      }
    });
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace postrider::message
