// Order events that are taken, and the values read from them. For the refused ones see
// test_order_event_refusals.cpp.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "message/json/order_event_json.hpp"
#include "message/sample.hpp"

namespace postrider::message {
namespace {

using sample::accepted;
using sample::event_json;
using sample::refusal;
using Data = std::vector<std::pair<std::string, std::string>>;

TEST(OrderEventJson, TheRequiredFieldsAreEnough) {
  const auto e = accepted(event_json());
  EXPECT_EQ(e.order_id, "A-1");
  EXPECT_EQ(e.customer_id, "C-1");
  EXPECT_EQ(e.status, "shipped");
  EXPECT_FALSE(e.dedupe_key || e.occurred_at || e.tracking_url || e.locale || e.contact);
  EXPECT_TRUE(e.data.empty());
}

TEST(OrderEventJson, EveryFieldArrives) {
  const auto e = accepted(R"({"order_id":"Ä-1","customer_id":"C 1","status":"Ready_For.Pick-up",
    "dedupe_key":"p1","parcel":"box 1","occurred_at":"2026-11-25T09:30:00+01:00","locale":"pt_BR",
    "tracking_url":"HTTPS://shop.example:8443/t/A-1?x=%20&y#z","data":{"name":"Ann\nLee"},
    "contact":{"phone":" (0151) 12 ","email":"a.b+c@mail.example.com","locale":"de",
               "time_zone":"Europe/Berlin","region":"Germany"}})");
  EXPECT_EQ(e.order_id, "Ä-1");
  EXPECT_EQ(e.status, "ready_for.pick-up");
  EXPECT_EQ(accepted(R"({"order_id":"a","customer_id":"c","status":"Canceled"})").status,
            "cancelled");
  EXPECT_EQ(e.dedupe_key, "p1");
  EXPECT_EQ(e.parcel, "box 1");
  ASSERT_TRUE(e.occurred_at);
  EXPECT_EQ(format_timestamp(*e.occurred_at), "2026-11-25T08:30:00.000Z");
  EXPECT_EQ(e.locale, "pt-BR");
  EXPECT_EQ(e.tracking_url, "HTTPS://shop.example:8443/t/A-1?x=%20&y#z");
  EXPECT_EQ(e.data, (Data{{"name", "Ann\nLee"}}));
  ASSERT_TRUE(e.contact);
  EXPECT_EQ(e.contact->phone, " (0151) 12 ");
  EXPECT_EQ(e.contact->email, "a.b+c@mail.example.com");
  EXPECT_EQ(e.contact->locale, "de");
  EXPECT_EQ(e.contact->time_zone, "Europe/Berlin");
  EXPECT_EQ(e.contact->region, "DE");
}

TEST(OrderEventJson, NullIsTheSameAsAbsent) {
  const auto e =
      accepted(event_json(R"("dedupe_key":null,"occurred_at":null,"tracking_url":null,"locale":null,
                    "data":null,"contact":{"phone":null,"email":null,"region":null})"));
  EXPECT_FALSE(e.dedupe_key || e.occurred_at || e.tracking_url || e.locale);
  ASSERT_TRUE(e.contact);
  EXPECT_FALSE(e.contact->phone || e.contact->email || e.contact->region);
  EXPECT_FALSE(accepted(event_json(R"("contact":null)")).contact);
}

TEST(OrderEventJson, ValuesForTemplatesAreKeptAsTheyWereWritten) {
  const auto e = accepted(event_json(
      R"("data":{"n":3,"total":19.90,"none":null,"big":18446744073709551615,"neg":-5,
         "e": 1.50e2 ,"yes":true,"no":false,"text":"19.90","empty":""})"));
  EXPECT_EQ(e.data, (Data{{"n", "3"},
                          {"total", "19.90"},
                          {"big", "18446744073709551615"},
                          {"neg", "-5"},
                          {"e", "1.50e2"},
                          {"yes", "true"},
                          {"no", "false"},
                          {"text", "19.90"},
                          {"empty", ""}}));
}

TEST(OrderEventJson, AByteOrderMarkAndEscapesAreUnderstood) {
  EXPECT_EQ(accepted("\xEF\xBB\xBF" + event_json()).order_id, "A-1");
  EXPECT_EQ(accepted(R"({"order_\u0069d":"A\u00e9\ud83d\ude00","customer_id":"c","status":"x"})")
                .order_id,
            "Aé😀");
  EXPECT_EQ(accepted(" \r\n\t" + event_json() + "\n").order_id, "A-1");
}

TEST(OrderEventJson, TheLimitsThemselvesAreAllowed) {
  using Limits = domain::EventLimits;
  const auto text = [](std::size_t n) { return "\"" + std::string(n, 'x') + "\""; };
  std::string data;
  for (std::size_t i = 0; i < Limits::data_entries; ++i)
    data += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":" + text(Limits::data_value);
  const auto e = accepted(
      "{\"order_id\":" + text(Limits::order_id) + ",\"customer_id\":" + text(Limits::customer_id) +
      ",\"status\":" + text(Limits::status) + ",\"dedupe_key\":" + text(Limits::dedupe_key) +
      ",\"data\":{" + data + "},\"contact\":{\"phone\":" + text(Limits::phone) + "}}");
  EXPECT_EQ(e.data.size(), Limits::data_entries);
  EXPECT_EQ(e.dedupe_key->size(), Limits::dedupe_key);
}

TEST(OrderEventJson, AReaderForgetsTheEventBefore) {
  JsonReader reader;
  const auto full = event_json(R"("locale":"de","data":{"a":"1"},"contact":{"phone":"1"})");
  const auto plain = event_json();
  for (const auto& json : {full, std::string{"{"}, plain, std::string(100'000, '['), plain}) {
    const auto result = reader.order_event(json);
    if (json != plain) continue;
    ASSERT_EQ(sample::refused_with(result), "accepted");
    const auto& e = std::get<domain::OrderEvent>(result);
    EXPECT_FALSE(e.locale || e.contact);
    EXPECT_TRUE(e.data.empty());
  }
}

TEST(OrderEventJson, MailAddressesThatPeopleHaveAreTaken) {
  for (const auto* address : {"a@b.co", "first.last@sub.example.org", "o'neil+tag@example.com",
                              "x_y-z@ex-ample.de", "123@example.museum", "a@xn--mller-kva.de"})
    EXPECT_EQ(refusal(event_json(R"("contact":{"email":")" + std::string{address} + "\"}")),
              "accepted")
        << address;
}

RC_GTEST_PROP(OrderEventJsonProperties, AnyBytesAreReadOrRefused, (const std::string& bytes)) {
  JsonReader reader;
  const auto answer = sample::refused_with(reader.order_event(bytes));
  RC_ASSERT(!answer.empty());
}

RC_GTEST_PROP(OrderEventJsonProperties, AnEventWithOneByteChangedIsReadOrRefused, ()) {
  auto json = event_json(R"("locale":"de","data":{"a":1.5,"b":"x"},"contact":{"phone":"1"})");
  const auto at = *rc::gen::inRange<std::size_t>(0, json.size());
  json[at] = *rc::gen::arbitrary<char>();
  JsonReader reader;
  const auto first = sample::refused_with(reader.order_event(json));
  RC_ASSERT(sample::refused_with(reader.order_event(json)) == first);
}

}  // namespace
}  // namespace postrider::message
