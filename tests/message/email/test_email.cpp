#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "message/email/email.hpp"

namespace postrider::message {
namespace {

const EmailSettings settings{"Shop <orders@shop.example>", "https://shop.example/u?a=1&b=2",
                             "Björn & Söhne"};

domain::Notification notification(std::string reason = "no_receipt", std::string locale = "en") {
  domain::Notification n;
  n.order_id = "A-1";
  n.attempts = 3;
  n.reason = std::move(reason);
  n.content.email = "anna@example.com";
  n.content.locale = std::move(locale);
  n.content.email_subject = "Order Update - Order A-1 is on its way";
  n.content.email_text = "Hello,\n\nOrder A-1.\nhttps://s.example/t?a=1&b=2 now\n\nBye";
  return n;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

const std::string* header(const Email& email, std::string_view name) {
  for (const auto& [key, value] : email.headers)
    if (key == name) return &value;
  return nullptr;
}

TEST(Email, TheEnvelopeComesFromNotificationAndSettings) {
  const auto email = compose_email(notification(), settings);
  EXPECT_EQ(email.from, settings.from);
  EXPECT_EQ(email.to, "anna@example.com");
  EXPECT_EQ(email.attempt_no, 3);
  EXPECT_EQ(email.subject, "Order Update - Order A-1 is on its way");
  auto without = notification();
  without.content.email_subject.clear();
  EXPECT_EQ(compose_email(without, settings).subject, "Order Update - A-1");
}

TEST(Email, BothPartsSayWhyItComesByEmail) {
  std::set<std::string> lines;
  for (const auto* locale : {"en", "de", "fr", "es"})
    for (const auto* reason : {"phone_missing", "opted_out", "sms_undelivered"}) {
      auto n = notification(reason, locale);
      n.content.email_text = "x";
      const auto email = compose_email(n, {settings.from, "", ""});
      ASSERT_TRUE(email.text.starts_with("x\n\n-- \n"));
      auto line = email.text.substr(7);
      line.pop_back();
      EXPECT_TRUE(has(email.html, escape_html(line))) << line;
      lines.insert(line);
    }
  EXPECT_EQ(lines.size(), 12U) << "each in its own words";
}

TEST(Email, ReasonsAreGroupedByWhatTheReaderKnows) {
  const auto text = [](const char* reason) {
    return compose_email(notification(reason), settings).text;
  };
  EXPECT_EQ(text("phone_too_short"), text("phone_missing"));
  EXPECT_EQ(text("sms_not_wanted"), text("opted_out"));
  for (const auto* reason : {"sms_refused", "no_receipt", "no_money", "too_late"})
    EXPECT_EQ(text(reason), text("sms_undelivered"));
}

TEST(Email, ValuesAreEscapedInHtml) {
  auto n = notification();
  n.content.email_text = "<script>alert('x')</script> & \"q\"\nhttps://s.example/\"><img src=x>";
  n.content.email_subject = "</title><b>";
  const auto html = compose_email(n, settings).html;
  EXPECT_FALSE(has(html, "<script") || has(html, "<img") || has(html, "<b>") ||
               has(html, "alert('"));
  EXPECT_TRUE(has(html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;"));
  EXPECT_TRUE(has(html, "Björn &amp; Söhne"));
  EXPECT_EQ(escape_html("a&<>\"'ü"), "a&amp;&lt;&gt;&quot;&#39;ü");
}

TEST(Email, HtmlHasParagraphsAndLinks) {
  const auto html = compose_email(notification(), settings).html;
  EXPECT_TRUE(has(html, "<p>Hello,</p>\n<p>Order A-1.<br>\n"));
  EXPECT_TRUE(has(
      html,
      "<a dir=\"ltr\" href=\"https://s.example/t?a=1&amp;b=2\">https://s.example/t?a=1&amp;b=2</a> "
      "now"));
}

TEST(Email, ALinkInARightToLeftTextKeepsItsDirection) {
  auto n = notification("", "ar");
  n.content.email_text = "تابع: https://s.example/t/";
  const auto html = compose_email(n, settings).html;
  EXPECT_TRUE(has(html, "<html lang=\"ar\" dir=\"rtl\">"));
  EXPECT_TRUE(has(html, "تابع: <a dir=\"ltr\" href=\"https://s.example/t/\">"));
}

TEST(Email, WritingDirectionFollowsTheLocale) {
  for (const auto* locale : {"ar", "ar-EG", "he", "fa_IR", "ur"})
    EXPECT_TRUE(has(compose_email(notification("", locale), settings).html, "dir=\"rtl\""))
        << locale;
  for (const auto* locale : {"en", "de-AT", "", "arn"})
    EXPECT_TRUE(has(compose_email(notification("", locale), settings).html, "dir=\"ltr\""))
        << locale;
}

TEST(Email, UnsubscribingIsOneClickForHttps) {
  const auto web = compose_email(notification(), settings);
  ASSERT_TRUE(header(web, "List-Unsubscribe"));
  EXPECT_EQ(*header(web, "List-Unsubscribe"), "<https://shop.example/u?a=1&b=2>");
  ASSERT_TRUE(header(web, "List-Unsubscribe-Post"));
  EXPECT_EQ(*header(web, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
  EXPECT_TRUE(has(web.text, "https://shop.example/u?a=1&b=2"));
  const auto mail = compose_email(notification(), {settings.from, "mailto:u@shop.example", ""});
  EXPECT_EQ(*header(mail, "List-Unsubscribe"), "<mailto:u@shop.example>");
  EXPECT_FALSE(header(mail, "List-Unsubscribe-Post"));
  EXPECT_FALSE(header(compose_email(notification(), {settings.from, "", ""}), "List-Unsubscribe"));
}

TEST(Email, ASubjectIsOneLine) {
  auto n = notification();
  n.content.email_subject =
      "Order\r\nBcc: x@y.z\t\x7F"
      "\u2028"
      "end";
  EXPECT_EQ(compose_email(n, settings).subject, "Order  Bcc: x@y.z   end");
}

}  // namespace
}  // namespace postrider::message
