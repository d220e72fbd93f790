#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "programs/cli/explain.hpp"
#include "programs/cli/notification_view.hpp"
#include "programs/store_access/client.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(PlainText, HasNothingThatSteersATerminal) {
  EXPECT_EQ(plain("a\x1b[31mb\r\nc\x7f\x07"), "a[31mbc");
  EXPECT_EQ(plain("Z\u00fcrich \u4e2d\U0001F600"), "Z\u00fcrich \u4e2d\U0001F600");
  EXPECT_EQ(plain("\u009b31m\u202egnp.exe"), "31mgnp.exe") << "C1 and direction marks";
  EXPECT_EQ(plain("\xff\xc0\x80 \xed\xa0\x80"), "??? ???");
}

TEST(Tables, AlignByCharactersNotBytes) {
  EXPECT_EQ(table({{"A", "B"}, {"\u00fc", "x"}, {"long", "y"}}),
            "A     B\n\u00fc     x\nlong  y\n");
}

TEST(Numbers, AreGrouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(12'345'678), "12,345,678");
}

TEST(Urls, AreEncodedByteForByte) {
  EXPECT_EQ(url_encode("a/b c\u00fc&=?~"), "a%2Fb%20c%C3%BC%26%3D%3F~");
}

TEST(Problems, BecomeOneLineWithCodeFieldAndHint) {
  const HttpAnswer answer{
      422, "application/problem+json",
      R"({"title":"Not valid","code":"missing_field","pointer":"/a","hint":"do"})",
      domain::Milliseconds{0}};
  EXPECT_EQ(explain_problem(answer), "Not valid (missing_field) at /a: do");
  const HttpAnswer strange{500, "text/html", "<html>", domain::Milliseconds{0}};
  EXPECT_EQ(explain_problem(strange), "the service answered 500");
  EXPECT_THAT(explain_problem({401, "", "", domain::Milliseconds{0}}), HasSubstr("--key-file"));
}

TEST(Records, ShowHistoryAndAttempts) {
  const auto text = record_view(nlohmann::ordered_json::parse(R"({
      "id":"N1","state":"emailed","reason":null,
      "history":[{"at":"t1","from":null,"to":"accepted","cause":"intake"}],
      "attempts":[{"channel":"sms","carrier":"simulator","error":null,"segments":2}]})"));
  EXPECT_THAT(text, HasSubstr("state  emailed"));
  EXPECT_THAT(text, HasSubstr("accepted  intake"));
  EXPECT_THAT(text, HasSubstr("CHANNEL  CARRIER    SEGMENTS"));
  EXPECT_THAT(text, testing::Not(HasSubstr("reason"))) << "what has no value is not shown";
}

TEST(ExplainSegments, SaysWhatWasReplacedAndWhatItSaved) {
  const auto answer = json::parse(explain_segments("\"It\u2019s \u201cfine\u201d\""));
  EXPECT_EQ(answer["text"], "It's \"fine\"");
  EXPECT_EQ(answer["encoding"], "GSM-7");
  EXPECT_EQ(answer["segments"], 1);
  EXPECT_EQ(answer["units"], 11);
  EXPECT_EQ(answer["original"]["encoding"], "UCS-2");
  EXPECT_EQ(answer["replaced"].size(), 3U);
  EXPECT_TRUE(json::parse(explain_segments("not JSON")).contains("error"));
}

TEST(ExplainPhone, AnswersForGoodAndBadNumbers) {
  const auto good = json::parse(explain_phone("(202) 555-0100", "US"));
  EXPECT_EQ(good["valid"], true);
  EXPECT_EQ(good["e164"], "+12025550100");
  const auto bad = json::parse(explain_phone("12", "DE"));
  EXPECT_EQ(bad["valid"], false);
  EXPECT_EQ(bad["e164"], nullptr);
  EXPECT_EQ(bad["reason"], "too_short");
  EXPECT_TRUE(json::accept(explain_phone("\xff", "DE"))) << "whatever comes, a line of JSON goes";
}

}  // namespace
}  // namespace postrider::programs
