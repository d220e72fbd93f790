#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/http_carrier/answer.hpp"

namespace postrider::adapters::http_carrier {
namespace {

using namespace ports;

template <class Outcome>
Outcome answered(int status, const std::string& body = "", const std::string& retry_after = "") {
  const auto outcome = outcome_of({status, body, true, {{"retry-after", retry_after}}});
  EXPECT_TRUE(std::holds_alternative<Outcome>(outcome)) << status << ": " << outcome.index();
  const auto* as_expected = std::get_if<Outcome>(&outcome);
  return as_expected != nullptr ? *as_expected : Outcome{};
}

TEST(HttpAnswer, OnlyA2xxWithAMessageIdIsAnAcceptance) {
  EXPECT_EQ(answered<SmsAccepted>(202, R"({"message_id":"m"})").message_id, "m");
  EXPECT_EQ(answered<SmsAccepted>(200, R"({"message_id":70000000000000001})").message_id,
            "70000000000000001");
  for (const auto* body : {"", "{", "[]", "null", R"({"id":"m"})", R"({"message_id":""})",
                           R"({"message_id":7.5})", R"({"message_id":true})", "<html>"})
    EXPECT_EQ(answered<SmsUnknown>(200, body).code, "bad_answer") << body;
  EXPECT_EQ(answered<SmsUnknown>(200, R"({"message_id":")" + std::string(129, 'x') + "\"}").code,
            "bad_answer");
}

TEST(HttpAnswer, ServerErrorsAndRedirectsAreUnknown) {
  for (const int status : {101, 301, 302, 307, 500, 502, 503, 504, 599, 0})
    answered<SmsUnknown>(status, R"({"message_id":"m","permanent":true})");
  EXPECT_EQ(answered<SmsUnknown>(503, "", "3").code, "http_503");
}

TEST(HttpAnswer, TooManyRequestsWaitsAsLongAsAsked) {
  using std::chrono::seconds;
  EXPECT_EQ(answered<SmsThrottled>(429, "", "7").retry_after, seconds{7});
  for (const auto* header : {"", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "-4"})
    EXPECT_EQ(answered<SmsThrottled>(429, "", header).retry_after, default_retry_after);
  for (const auto* header : {"86400", "99999999999999"})
    EXPECT_EQ(answered<SmsThrottled>(429, "", header).retry_after, longest_retry_after);
}

TEST(HttpAnswer, RefusalsOfTheMessageAreForGoodUnlessTheStatusPasses) {
  for (const int status : {400, 404, 405, 410, 413, 422, 451})
    EXPECT_TRUE(answered<SmsRefused>(status).for_good) << status;
  for (const int status : {408, 409, 423, 425})
    EXPECT_FALSE(answered<SmsRefused>(status).for_good) << status;
  EXPECT_EQ(answered<SmsRefused>(404).code, "http_404");
}

TEST(HttpAnswer, TheBodySaysMoreThanTheStatus) {
  const auto temporary = answered<SmsRefused>(422, R"({"code":"Queue full","permanent":false})");
  EXPECT_FALSE(temporary.for_good);
  EXPECT_EQ(temporary.code, "queue_full");
  EXPECT_TRUE(answered<SmsRefused>(409, R"({"permanent":true})").for_good);
  const auto opted_out = answered<SmsRefused>(403, R"({"opted_out":true,"permanent":false})");
  EXPECT_TRUE(opted_out.opted_out);
  EXPECT_TRUE(opted_out.for_good);
}

TEST(HttpAnswer, AnAccountThatIsRefusedIsNotTheCustomersFault) {
  for (const int status : {401, 402, 403}) answered<SmsAccountProblem>(status);
  EXPECT_EQ(answered<SmsAccountProblem>(402, R"({"code":"no_credit"})").code, "no_credit");
}

TEST(HttpAnswer, ACodeNeverHoldsANumberOrAddress) {
  EXPECT_EQ(answered<SmsRefused>(400, R"({"code":"bad number +49 151 1234-5678"})").code,
            "free_text");
  EXPECT_EQ(answered<SmsRefused>(400, R"({"code":"ann@example.com"})").code, "free_text");
}

}  // namespace
}  // namespace postrider::adapters::http_carrier
