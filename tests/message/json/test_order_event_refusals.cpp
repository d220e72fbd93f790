// Every refusal of an order event: code, pointer, hint, and nothing of the event's own words.
#include <gtest/gtest.h>

#include "message/json/order_event_json.hpp"
#include "message/sample.hpp"

namespace postrider::message {
namespace {

using sample::event_json;
using sample::refusal;

FieldError error_of(std::string_view json) {
  JsonReader reader;
  auto result = reader.order_event(json);
  if (auto* error = std::get_if<FieldError>(&result)) return *error;
  ADD_FAILURE() << "accepted: " << json;
  return {};
}

TEST(OrderEventRefusals, MissingAndEmptyFields) {
  EXPECT_EQ(refusal("{}"), "missing_field /order_id");
  EXPECT_EQ(refusal(R"({"order_id":"o2","status":"shipped"})"), "missing_field /customer_id");
  EXPECT_EQ(refusal(R"({"order_id":"o2","customer_id":"c"})"), "missing_field /status");
  EXPECT_EQ(refusal(R"({"order_id":"","customer_id":"c","status":"x"})"), "empty /order_id");
  EXPECT_EQ(refusal(R"({"order_id":"  ","customer_id":"c","status":"x"})"), "empty /order_id");
  EXPECT_EQ(refusal(R"({"order_id":"o","customer_id":"c","status":""})"), "empty /status");
  for (const auto* name : {"dedupe_key", "tracking_url", "locale"})
    EXPECT_EQ(refusal(event_json("\"" + std::string{name} + "\":\"\"")),
              std::string{"empty /"} + name);
  EXPECT_EQ(refusal(event_json(R"("contact":{"email":""})")), "empty /contact/email");
  EXPECT_EQ(refusal(event_json(R"("data":{"":"x"})")), "empty /data");
}

TEST(OrderEventRefusals, WrongTypes) {
  EXPECT_EQ(refusal(R"({"order_id":4711,"customer_id":"c","status":"x"})"), "wrong_type /order_id");
  EXPECT_EQ(refusal(R"({"order_id":null,"customer_id":"c","status":"x"})"), "wrong_type /order_id");
  EXPECT_EQ(refusal(R"({"order_id":"o","customer_id":["c"],"status":"x"})"),
            "wrong_type /customer_id");
  EXPECT_EQ(refusal(R"({"order_id":"o","customer_id":"c","status":true})"), "wrong_type /status");
  EXPECT_EQ(refusal(event_json(R"("occurred_at":1764063000)")), "wrong_type /occurred_at");
  EXPECT_EQ(refusal(event_json(R"("data":[])")), "wrong_type /data");
  EXPECT_EQ(refusal(event_json(R"("data":{"a":{"b":1}})")), "wrong_type /data/a");
  EXPECT_EQ(refusal(event_json(R"("data":{"a":[1]})")), "wrong_type /data/a");
  EXPECT_EQ(refusal(event_json(R"("contact":"+49151")")), "wrong_type /contact");
  EXPECT_EQ(refusal(event_json(R"("contact":{"phone":4915112345678})")),
            "wrong_type /contact/phone");
  for (const auto* json : {"[]", "\"x\"", "1", "null", "true"})
    EXPECT_EQ(refusal(json), "wrong_type ") << json;
  EXPECT_EQ(error_of(R"({"order_id":4711})").hint, "must be a string, not a number");
}

TEST(OrderEventRefusals, WhatIsTooLong) {
  const auto text = [](std::size_t n) { return "\"" + std::string(n, 'x') + "\""; };
  EXPECT_EQ(refusal("{\"order_id\":" + text(129) + "}"), "too_long /order_id");
  EXPECT_EQ(refusal("{\"customer_id\":" + text(129) + "}"), "too_long /customer_id");
  EXPECT_EQ(refusal("{\"status\":" + text(65) + "}"), "too_long /status");
  EXPECT_EQ(refusal(event_json("\"dedupe_key\":" + text(257))), "too_long /dedupe_key");
  EXPECT_EQ(refusal(event_json("\"parcel\":" + text(129))), "too_long /parcel");
  EXPECT_EQ(refusal(event_json("\"tracking_url\":" + text(1025))), "too_long /tracking_url");
  EXPECT_EQ(refusal(event_json("\"locale\":" + text(36))), "too_long /locale");
  EXPECT_EQ(refusal(event_json("\"contact\":{\"phone\":" + text(65) + "}")),
            "too_long /contact/phone");
  EXPECT_EQ(refusal(event_json("\"contact\":{\"email\":" + text(255) + "}")),
            "too_long /contact/email");
  EXPECT_EQ(refusal(event_json("\"data\":{\"a\":" + text(513) + "}")), "too_long /data/a");
  EXPECT_EQ(refusal(event_json("\"data\":{" + text(65) + ":1}")), "too_long /data");
  std::string many;
  for (int i = 0; i < 33; ++i) many += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  EXPECT_EQ(refusal(event_json("\"data\":{" + many + "}")), "too_long /data");
  // Bytes count, not characters.
  std::string umlauts;
  for (int i = 0; i < 65; ++i) umlauts += "ü";
  EXPECT_EQ(refusal("{\"order_id\":\"" + umlauts + "\"}"), "too_long /order_id");
}

TEST(OrderEventRefusals, TheWholeDocumentHasALimit) {
  const auto filled = [](std::size_t bytes) {
    auto json = event_json();
    return json + std::string(bytes - json.size(), ' ');
  };
  EXPECT_EQ(refusal(filled(max_event_bytes)), "accepted");
  EXPECT_EQ(refusal(filled(max_event_bytes + 1)), "too_large ");
}

TEST(OrderEventRefusals, DuplicateKeysAtEveryLevel) {
  EXPECT_EQ(refusal(R"({"order_id":"A","order_id":"B","customer_id":"C","status":"x"})"),
            "duplicate_key /order_id");
  EXPECT_EQ(refusal(R"({"order_id":"A","customer_id":"C","status":"x","\u006frder_id":"A"})"),
            "duplicate_key /order_id");
  EXPECT_EQ(refusal(event_json(R"("locale":null,"locale":"de")")), "duplicate_key /locale");
  EXPECT_EQ(refusal(event_json(R"("contact":{"phone":"1","phone":"1"})")),
            "duplicate_key /contact/phone");
  EXPECT_EQ(refusal(event_json(R"("data":{"a":1,"b":2,"a":1})")), "duplicate_key /data/a");
  EXPECT_EQ(refusal(event_json(R"("data":{"a":null,"a":1})")), "duplicate_key /data/a");
}

TEST(OrderEventRefusals, WhatIsNotUtf8) {
  EXPECT_EQ(refusal("{\"order_id\":\"\xFF\",\"customer_id\":\"c\",\"status\":\"x\"}"),
            "invalid_utf8 ");
  EXPECT_EQ(refusal("{\"order_id\":\"M\xFCller\"}"), "invalid_utf8 ");
  EXPECT_EQ(refusal("{\"order_id\":\"\xC0\xAF\"}"), "invalid_utf8 ") << "overlong";
  EXPECT_EQ(refusal("{\"order_id\":\"\xED\xA0\x80\"}"), "invalid_utf8 ") << "a surrogate";
}

TEST(OrderEventRefusals, WhatIsNotJson) {
  for (const auto* json :
       {"", "   ", "{", "{\"order_id\": \"x\"", "{'order_id':'x'}", "{\"order_id\":\"x\",}",
        "{\"order_id\":01}", "{\"order_id\":\"\\ud800\"}", "{\"order_id\":\"a\nb\"}", "order_id=1",
        "{\"order_id\":\"\\x\"}", "{\"data\":{\"a\":1e999}}", "{} {}", "{\"a\":NaN}"})
    EXPECT_EQ(refusal(json), "invalid_json ") << json;
}

TEST(OrderEventRefusals, NestingDeeperThanTheLimit) {
  const auto nested = [](std::size_t depth) {
    return event_json("\"data\":" + std::string(depth, '[') + std::string(depth, ']'));
  };
  EXPECT_EQ(refusal(nested(10'000)), "too_deep ");
  EXPECT_EQ(refusal(nested(max_json_depth)), "too_deep ");
  EXPECT_EQ(refusal(nested(5)), "wrong_type /data");
  EXPECT_EQ(refusal(std::string(100'000, '[')), "invalid_json ") << "it never ends";
}

TEST(OrderEventRefusals, UnknownFieldsNameTheNearestKnownOne) {
  const auto e = error_of(R"({"order_id":"A","customer_id":"C","sattus":"shipped"})");
  EXPECT_EQ(e.code + " " + e.pointer, "unknown_field /sattus");
  EXPECT_EQ(e.hint, "no such field; did you mean \"status\"?");
  EXPECT_NE(error_of(R"({"orderId":"A"})").hint.find("order_id"), std::string::npos);
  EXPECT_NE(error_of(event_json(R"("trackingUrl":"x")")).hint.find("tracking_url"),
            std::string::npos);
  EXPECT_EQ(refusal(event_json(R"("contact":{"mail":"x"})")), "unknown_field /contact/mail");
  EXPECT_NE(error_of(event_json(R"("phone":"1")")).hint.find("\"contact\""), std::string::npos);
  EXPECT_NE(error_of(event_json(R"("zzzzzzzzzzzzzzzzzz":1)")).hint.find("order_id"),
            std::string::npos);
}

TEST(OrderEventRefusals, CharactersThatDoNotBelong) {
  EXPECT_EQ(refusal(R"({"order_id":"a\u0000b"})"), "invalid_character /order_id");
  EXPECT_EQ(refusal(R"({"order_id":"a\r\nBcc: x"})"), "invalid_character /order_id");
  EXPECT_EQ(refusal(R"({"customer_id":"a\u007f"})"), "invalid_character /customer_id");
  EXPECT_EQ(refusal(event_json(R"("dedupe_key":"a\u0085")")), "invalid_character /dedupe_key");
  EXPECT_EQ(refusal(R"({"status":"ready for pickup"})"), "invalid_character /status");
  EXPECT_EQ(refusal(R"({"status":"versändt"})"), "invalid_character /status");
  EXPECT_EQ(refusal(event_json(R"("data":{"a":"\u001b"})")), "invalid_character /data/a");
  EXPECT_EQ(refusal(event_json(R"("data":{"a\u0000":"x"})")), "invalid_character /data");
}

TEST(OrderEventRefusals, TimesLinksAndTags) {
  for (const auto* time : {"yesterday", "2026-02-30T00:00:00Z", "", "25.11.2026"})
    EXPECT_EQ(refusal(event_json("\"occurred_at\":\"" + std::string{time} + "\"")),
              "invalid_timestamp /occurred_at")
        << time;
  for (const auto* url :
       {"shop.example/t", "ftp://shop.example", "javascript:alert(1)", "http://", "https:///x",
        "https://shop.example/a b", "https://bank.example@evil.example/", "https://s.example/<b>",
        "https://s.example/\u202Etxt", "https://s.example/\u00A0", "https://s.example/\u200Bx",
        "data://x"})
    EXPECT_EQ(refusal(event_json("\"tracking_url\":\"" + std::string{url} + "\"")),
              "invalid_url /tracking_url")
        << url;
  for (const auto* tag :
       {"d", "deutsch!", "de-", "-de", "de--DE", "123", "de DE", "de-verylongtag"})
    EXPECT_EQ(refusal(event_json("\"locale\":\"" + std::string{tag} + "\"")),
              "invalid_locale /locale")
        << tag;
}

TEST(OrderEventRefusals, ContactsThatCannotBe) {
  const auto contact = [](std::string_view name, std::string_view value) {
    return refusal(
        event_json("\"contact\":{\"" + std::string{name} + "\":\"" + std::string{value} + "\"}"));
  };
  for (const auto* email :
       {"anna", "a@b", "@b.co", "a@", "a b@c.de", "a@b..co", ".a@b.co", "Anna <a@b.co>",
        "a@b.co,c@d.co", "a@-b.co", "a@[1.2.3.4]", "a@1.2.3.4", "ä@b.co", "a@b.co\\r\\nBcc: x"})
    EXPECT_TRUE(contact("email", email).ends_with(" /contact/email")) << email;
  EXPECT_EQ(contact("email", "anna"), "invalid_email /contact/email");
  EXPECT_EQ(contact("time_zone", "Mars/Base"), "unknown_time_zone /contact/time_zone");
  EXPECT_EQ(contact("time_zone", "Etc/Unknown"), "unknown_time_zone /contact/time_zone");
  EXPECT_EQ(contact("region", "Atlantis"), "unknown_region /contact/region");
  EXPECT_EQ(contact("region", "ZZ"), "unknown_region /contact/region");
  EXPECT_EQ(contact("locale", "d e"), "invalid_locale /contact/locale");
}

TEST(OrderEventRefusals, NoValueOfTheEventIsEverRepeated) {
  constexpr std::string_view canaries[] = {"4915112345678", "anna@example", "Secret"};
  for (const auto& json :
       {event_json(R"("contact":{"email":"anna@example"})"),
        event_json(R"("contact":{"phone":4915112345678})"),
        event_json(R"("contact":{"region":"Secret"})"), event_json(R"("locale":"anna@example")"),
        event_json(R"("tracking_url":"Secret")"), event_json(R"("occurred_at":"Secret")"),
        event_json(R"("+4915112345678":"x")"), event_json(R"("anna@example.com":"x")"),
        event_json(R"("tel4915112345678":"x")"),
        event_json(R"("data":{"anna@example.com":["Secret"]})"),
        event_json(R"("data":{"+4915112345678":1,"+4915112345678":2})"),
        std::string{R"({"order_id":"Secret)"}}) {
    const auto e = error_of(json);
    for (const auto canary : canaries)
      EXPECT_EQ((e.code + e.pointer + e.hint).find(canary), std::string::npos) << e.pointer;
    EXPECT_FALSE(e.hint.empty());
  }
}

}  // namespace
}  // namespace postrider::message
