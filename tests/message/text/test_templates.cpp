#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "message/text/built_in_templates.hpp"
#include "message/text/replacement.hpp"
#include "message/text/segments.hpp"
#include "message/text/templates.hpp"

namespace postrider::message {
namespace {

constexpr std::string_view link = "https://shop.example/t/A-500123";

domain::OrderEvent event(std::string status) {
  domain::OrderEvent e;
  e.order_id = "A-500123";
  e.customer_id = "C-100123";
  e.status = std::move(status);
  return e;
}

Rendered render(std::string status, std::string_view locale, std::string_view with_link = link,
                std::string_view shop = "Northwind") {
  static const auto templates = Templates::built_in();
  auto result = templates.render(event(std::move(status)), locale, {shop, "", with_link});
  if (result) return *result;
  ADD_FAILURE() << result.error().what;
  return {};
}

/// All languages but those that no 7-bit alphabet can write.
bool is_latin(std::string_view locale) {
  return locale != "ja" && locale != "ar" && locale != "zh";
}

TEST(Templates, EveryBuiltInTextFitsOneGsm7PartWhereItsLettersCan) {
  for (const auto& text : built_in_texts()) {
    const std::string status{text.status == "other" ? "ready_for_pickup" : text.status};
    for (const auto with_link : {std::string_view{}, link}) {
      const auto sms = replace_for_gsm7(render(status, text.locale, with_link).sms_text).text;
      const auto count = count_segments(sms);
      const bool latin = is_latin(text.locale);
      EXPECT_EQ(count.encoding, latin ? domain::Encoding::gsm7 : domain::Encoding::ucs2) << sms;
      EXPECT_LE(count.segments, latin || with_link.empty() ? 1 : 2) << sms;
    }
  }
}

/// One line a text, with its segments, so that a change of either is seen. Written anew with
/// POSTRIDER_REDRAW=1.
TEST(Templates, EveryTextAndItsPriceIsAsRecorded) {
  const std::string path = POSTRIDER_SOURCE_DIR "/tests/message/text/built_in_texts.golden";
  const std::string longest_order(domain::EventLimits::order_id, 'W');
  const std::string long_link = "https://shop.example/track/" + std::string(73, 'x');
  std::ostringstream now;
  const auto templates = Templates::built_in();
  for (const auto& text : built_in_texts()) {
    auto e = event(text.status == "other" ? "ready_for_pickup" : std::string{text.status});
    for (const bool is_long : {false, true}) {
      if (is_long) e.order_id = longest_order;
      const std::string_view links[] = {"", is_long ? std::string_view{long_link} : link};
      for (const auto with_link : links) {
        const auto sms =
            replace_for_gsm7(
                templates.render(e, text.locale, {"Northwind", "", with_link})->sms_text)
                .text;
        const auto count = count_segments(sms);
        now << text.locale << ' ' << text.status << ' ' << domain::name(count.encoding) << ' '
            << count.segments << ' ' << count.units << ' ' << sms << '\n';
      }
    }
  }
  if (std::getenv("POSTRIDER_REDRAW") != nullptr) std::ofstream{path} << now.str();
  std::ostringstream recorded;
  recorded << std::ifstream{path}.rdbuf();
  EXPECT_EQ(now.str(), recorded.str());
}

TEST(Templates, EveryLocaleHasEveryStatusAndTheLinkWhereItHelps) {
  for (const auto* locale :
       {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "ja", "ar", "zh"})
    for (const auto* status : {"confirmed", "shipped", "delivered", "cancelled", "packed"}) {
      const auto text = render(status, locale);
      EXPECT_EQ(text.locale, locale);
      EXPECT_NE(text.sms_text.find("A-500123"), std::string::npos);
      EXPECT_NE(text.email_text.find("A-500123"), std::string::npos);
      EXPECT_TRUE(text.email_subject.starts_with("Order Update - ")) << text.email_subject;
      EXPECT_GT(text.email_subject.size(), 20U);
      const std::string_view s{status};
      const bool wants_link = s == "confirmed" || s == "shipped" || s == "packed";
      EXPECT_EQ(text.sms_text.ends_with(link), wants_link) << text.sms_text;
      EXPECT_EQ(text.email_text.find(link) != std::string::npos, wants_link);
      const auto plain = render(status, locale, "");
      EXPECT_EQ(plain.sms_text.find("http"), std::string::npos) << plain.sms_text;
      EXPECT_EQ(plain.sms_text.find('{'), std::string::npos);
      EXPECT_EQ(plain.email_text.find("http"), std::string::npos);
    }
}

TEST(Templates, TextsReadAsTheyShould) {
  EXPECT_EQ(render("shipped", "en").sms_text,
            "Northwind: Your order A-500123 is on its way. Track it here: "
            "https://shop.example/t/A-500123");
  EXPECT_EQ(render("cancelled", "en", "", "").sms_text,
            "Your order A-500123 has been cancelled. Your refund will follow.");
  EXPECT_EQ(render("delivered", "de").email_text,
            "Guten Tag,\n\nIhre Bestellung A-500123 wurde zugestellt. Danke für Ihren Einkauf!\n\n"
            "Mit freundlichen Grüßen\nNorthwind");
  EXPECT_EQ(render("ready_for_pickup", "en", "").email_subject,
            "Order Update - Order A-500123: ready for pickup");
}

TEST(Templates, TheBestLocaleThereIsIsUsed) {
  for (const auto& [asked, used] :
       std::initializer_list<std::pair<const char*, const char*>>{{"de-AT", "de"},
                                                                  {"DE_ch", "de"},
                                                                  {"es-419", "es"},
                                                                  {"fr-Latn-CA-x-y", "fr"},
                                                                  {"pt-BR", "pt"},
                                                                  {"zh-Hant-TW", "zh"},
                                                                  {"fi", "en"},
                                                                  {"", "en"},
                                                                  {"d", "en"}})
    EXPECT_EQ(render("shipped", asked).locale, used) << asked;
  const auto of_shop = Templates::built_in().render(event("shipped"), "fi", {"", "de-DE", ""});
  EXPECT_EQ(of_shop->locale, "de") << "the shop's language before English";
}

TEST(Templates, ValuesAreTakenAsTheyAre) {
  auto e = event("shipped");
  e.order_id = "{status} 'x' {0}";
  e.data = {{"order_id", "not this"}};
  const auto text = Templates::built_in().render(e, "en", {});
  ASSERT_TRUE(text);
  EXPECT_EQ(text->sms_text, "Your order {status} 'x' {0} is on its way.");
}

}  // namespace
}  // namespace postrider::message
