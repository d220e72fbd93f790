// A shop's own texts before the built-in ones, and all that can be wrong with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message/text/templates.hpp"

namespace postrider::message {
namespace {

using testing::HasSubstr;

ShopTexts one(ShopText text) {
  ShopTexts own;
  own.texts.push_back(std::move(text));
  return own;
}

Rendered render(const ShopTexts& own, std::string status, std::string_view locale,
                std::vector<std::pair<std::string, std::string>> data = {},
                std::string_view link = "") {
  const auto made = Templates::with(own);
  const auto* templates = std::get_if<Templates>(&made);
  if (templates == nullptr) {
    ADD_FAILURE() << std::get<1>(made).front().what;
    return {};
  }
  domain::OrderEvent e;
  e.order_id = "A-1";
  e.customer_id = "C-1";
  e.status = std::move(status);
  e.data = std::move(data);
  auto rendered = templates->render(e, locale, {own.shop_name, "", link});
  if (rendered) return *rendered;
  ADD_FAILURE() << rendered.error().what;
  return {};
}

/// "locale.status field: what" of each problem, one a line.
std::string problems(const ShopTexts& own) {
  const auto made = Templates::with(own);
  std::string all;
  if (const auto* found = std::get_if<std::vector<TextProblem>>(&made))
    for (const auto& p : *found)
      all += p.locale + "." + p.status + " " + p.field + ": " + p.what + "\n";
  return all;
}

TEST(ShopTexts, ComeBeforeTheBuiltInOnesAndLeaveTheOthers) {
  const auto own = one({"DE", "shipped", "Los: {order_id}", "", "", "", ""});
  EXPECT_EQ(render(own, "shipped", "de-AT").sms_text, "Los: A-1");
  EXPECT_EQ(render(own, "shipped", "de").email_subject,
            "Order Update - Bestellung A-1 ist unterwegs");
  EXPECT_THAT(render(own, "shipped", "de").email_text, HasSubstr("Guten Tag,\n\nLos: A-1\n\n"));
  EXPECT_EQ(render(own, "shipped", "de", {}, "https://x.example").sms_text, "Los: A-1")
      << "the old form with a link would say something else";
  EXPECT_THAT(render(own, "delivered", "de").sms_text, HasSubstr("zugestellt"));
  EXPECT_THAT(render(own, "shipped", "en").sms_text, HasSubstr("on its way"));
}

TEST(ShopTexts, TheLetterAroundTheTextIsTheShopsToo) {
  auto own = one({"de", "shipped", "Los: {order_id}", "", "", "", ""});
  own.letters.push_back({"de", "Moin!", "Ihr Team"});
  EXPECT_EQ(render(own, "shipped", "de").email_text, "Moin!\n\nLos: A-1\n\nIhr Team");
  own.texts[0].email = "Ganz anders: {order_id}";
  EXPECT_EQ(render(own, "shipped", "de").email_text, "Ganz anders: A-1");
}

TEST(ShopTexts, ValuesOfEventsNeedASampleAndAreThenTakenFromTheEvent) {
  auto own = one({"en", "shipped", "{n, plural, one {# parcel} other {# parcels}} with {carrier}",
                  "", "", "", ""});
  EXPECT_THAT(problems(own), HasSubstr("en.shipped sms: there is no value {n}"));
  EXPECT_THAT(problems(own), HasSubstr("{carrier}"));
  own.samples = {{"n", "12"}, {"carrier", "Deutsche Post DHL"}};
  EXPECT_EQ(problems(own), "");
  EXPECT_EQ(render(own, "shipped", "en", {{"n", "2"}, {"carrier", "UPS"}}).sms_text,
            "2 parcels with UPS");
  own.samples["n"] = "a dozen";
  EXPECT_THAT(problems(own), HasSubstr("\"n\" must be a number"));
}

TEST(ShopTexts, AnUnreadablePatternIsReported) {
  EXPECT_THAT(problems(one({"en", "shipped", "{order_id", "", "", "", ""})),
              HasSubstr("en.shipped sms: not a message"));
  EXPECT_THAT(problems(one({"en", "shipped", "{0} is here", "", "", "", ""})),
              HasSubstr("arguments need names"));
  auto plural = one({"en", "shipped", "{n, plural, one {# parcel}}", "", "", "", ""});
  plural.samples["n"] = "12";
  EXPECT_THAT(problems(plural), HasSubstr("not a message")) << "a plural without \"other\"";
}

TEST(ShopTexts, ALinkStandsOnlyWhereThereIsOne) {
  EXPECT_THAT(problems(one({"en", "shipped", "Go: {link}", "", "", "", ""})),
              HasSubstr("sms: {link} stands in sms_with_link"));
  EXPECT_EQ(problems(one({"en", "shipped", "Go", "Go: {link}", "", "", ""})), "");
}

TEST(ShopTexts, TheShopsNameMayBeNamedWhereItIsKnown) {
  auto own = one({"en", "shipped", "{shop} sent {order_id}", "", "", "", ""});
  EXPECT_THAT(problems(own), HasSubstr("shop.name"));
  own.shop_name = "Northwind";
  EXPECT_EQ(problems(own), "");
}

TEST(ShopTexts, ANewLanguageNeedsAGeneralText) {
  EXPECT_THAT(problems(one({"fi", "shipped", "Matkalla: {order_id}", "", "Matkalla", "", ""})),
              HasSubstr("[fi.other]"));
  auto own = one({"fi", "shipped", "Matkalla: {order_id}", "", "", "", ""});
  own.texts.push_back({"fi", "other", "Tilaus {order_id}: {status}", "", "Tilaus", "", ""});
  EXPECT_EQ(problems(own), "");
  EXPECT_EQ(render(own, "shipped", "fi-FI").email_subject, "Order Update - Tilaus");
  EXPECT_EQ(render(own, "packed", "fi").sms_text, "Tilaus A-1: packed");
  EXPECT_THAT(problems(one({"fi", "other", "Tilaus", "", "", "", ""})),
              HasSubstr("fi.other subject: the subject is missing"));
}

TEST(ShopTexts, ATextThatIsTooLongWithTheLongestValuesIsReported) {
  auto own = one({"en", "shipped", "{order_id} {note}", "", "", "", ""});
  own.samples["note"] = std::string(200, 'x');
  own.max_segments = 1;
  EXPECT_THAT(problems(own), HasSubstr("en.shipped sms: takes 2 segments"));
  own.max_segments = 2;
  EXPECT_EQ(problems(own), "");
}

TEST(ShopTexts, TheLengthIsThatOfTheLanguagesRules) {
  // 250 characters and one that GSM-7 lacks: two segments without its accent, four with it.
  ShopTexts own;
  const std::string words = std::string(250, 'x') + "ó";
  for (const char* status : {"shipped", "other"})
    own.texts.push_back({"pt-BR", status, words, "", "Pedido", "", ""});
  EXPECT_TRUE(std::holds_alternative<Templates>(Templates::with(own)));
  own.replacement["pt"] = {ReplacementRules::Letters::never, {}};
  const auto made = Templates::with(own);
  const auto* problems = std::get_if<std::vector<TextProblem>>(&made);
  ASSERT_NE(problems, nullptr) << "pt-BR has the rules of pt";
  EXPECT_NE(problems->front().what.find("takes 4 segments"), std::string::npos);
}

}  // namespace
}  // namespace postrider::message
