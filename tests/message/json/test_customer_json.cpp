// The JSON document of a customer.
#include <gtest/gtest.h>

#include "message/json/order_event_json.hpp"

namespace postrider::message {
namespace {

using Result = std::variant<domain::Customer, FieldError>;

Result read(std::string_view json, std::string_view id = "", std::string_view region = "") {
  JsonReader reader;
  return reader.customer(json, id, region);
}

domain::Customer taken(const Result& result) {
  if (const auto* e = std::get_if<FieldError>(&result)) {
    ADD_FAILURE() << e->code << ' ' << e->pointer << ' ' << e->hint;
    return {};
  }
  return std::get<domain::Customer>(result);
}

std::string refused(const Result& result) {
  const auto* e = std::get_if<FieldError>(&result);
  return e == nullptr ? "accepted" : e->code + " " + e->pointer;
}

TEST(CustomerJson, WhatAnAnswerDerivesIsPassedOver) {
  const auto c =
      taken(read(R"({"id":"C-1","phone":"+4915112345678","e164":"+1","phone_problem":"x"})"));
  EXPECT_EQ(c.phone.e164, "+4915112345678");
  EXPECT_EQ(c.phone.problem, domain::Reason::none);
  EXPECT_EQ(refused(read(R"({"id":"C-1","e164":"+1","e164":"+2"})")), "duplicate_key /e164");
}

TEST(CustomerJson, EveryFieldArrivesAndThePhoneIsNormalised) {
  const auto c = taken(read(R"({"id":"C-1","phone":"0151 12345678","email":"a@b.co","locale":"de",
      "time_zone":"Europe/Berlin","region":"Germany","sms_opt_in":false,"email_opt_in":false})"));
  EXPECT_EQ(c.id, "C-1");
  EXPECT_EQ(c.phone.e164, "+4915112345678");
  EXPECT_EQ(c.phone.problem, domain::Reason::none);
  EXPECT_EQ(c.contact.phone, "0151 12345678");
  EXPECT_EQ(c.contact.email, "a@b.co");
  EXPECT_EQ(c.contact.locale, "de");
  EXPECT_EQ(c.contact.time_zone, "Europe/Berlin");
  EXPECT_EQ(c.contact.region, "DE");
  EXPECT_EQ(c.sms_opt_in, false);
  EXPECT_EQ(c.email_opt_in, false);
}

TEST(CustomerJson, ConsentThatIsNotSpokenOfIsNotMadeUp) {
  const auto c = taken(read(R"({"sms_opt_in":null})", "C-1"));
  EXPECT_FALSE(c.sms_opt_in || c.email_opt_in) << "nothing was said";
  EXPECT_EQ(c.phone, domain::Phone{});
}

TEST(CustomerJson, TheCustomersRegionWinsOverTheDefault) {
  EXPECT_EQ(taken(read(R"({"phone":"06 12 34 56 78"})", "c", "FR")).phone.e164, "+33612345678");
  EXPECT_EQ(taken(read(R"({"phone":"06 12 34 56 78","region":"NL"})", "c", "FR")).phone.e164,
            "+31612345678");
}

TEST(CustomerJson, ABadNumberIsKeptWithItsProblem) {
  const auto c = taken(read(R"({"phone":"12"})", "c", "DE"));
  EXPECT_EQ(c.contact.phone, "12");
  EXPECT_EQ(c.phone.e164, "");
  EXPECT_EQ(c.phone.problem, domain::Reason::phone_too_short);
  EXPECT_EQ(taken(read(R"({"phone":"NULL"})", "c")).phone.problem, domain::Reason::phone_empty);
}

TEST(CustomerJson, TheIdComesFromTheAddressOrTheDocument) {
  EXPECT_EQ(taken(read("{}", "from-url")).id, "from-url");
  EXPECT_EQ(taken(read(R"({"id":"same"})", "same")).id, "same");
  EXPECT_EQ(refused(read(R"({"id":"one"})", "other")), "conflict /id");
  EXPECT_EQ(refused(read("{}")), "missing_field /id");
  EXPECT_EQ(refused(read("{}", std::string(129, 'x'))), "too_long /id");
  EXPECT_EQ(refused(read("{}", "a\nb")), "invalid_character /id");
}

TEST(CustomerJson, WrongDocumentsAreRefused) {
  EXPECT_EQ(refused(read(R"({"sms_opt_in":"yes"})", "c")), "wrong_type /sms_opt_in");
  EXPECT_EQ(refused(read(R"({"email":"anna"})", "c")), "invalid_email /email");
  EXPECT_EQ(refused(read(R"({"region":"Atlantis"})", "c")), "unknown_region /region");
  EXPECT_EQ(refused(read(R"({"time_zone":"Mars"})", "c")), "unknown_time_zone /time_zone");
  EXPECT_EQ(refused(read(R"({"phone":"1","phone":"2"})", "c")), "duplicate_key /phone");
  EXPECT_EQ(refused(read(R"({"name":"x"})", "c")), "unknown_field /name");
  EXPECT_EQ(refused(read("[1]", "c")), "wrong_type ");
  EXPECT_EQ(refused(read("{", "c")), "invalid_json ");
}

}  // namespace
}  // namespace postrider::message
