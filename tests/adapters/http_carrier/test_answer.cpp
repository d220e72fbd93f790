#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/http_carrier/answer.hpp"
#include "support/faults.hpp"

namespace postrider::adapters::http_carrier {
namespace {

using namespace ports;
using domain::Fault;

const auto now = domain::from_unix_ms(1'796'000'000'000);  // 2026-11-30T00:53:20Z

/// An end with this fault.
SmsFailed failed(Fault fault, int status, const std::string& body = "",
                 const std::string& retry_after = "") {
  const auto outcome = outcome_of({status, body, true, {{"retry-after", retry_after}}}, now);
  EXPECT_EQ(support::fault_of(outcome), fault) << status << " " << body;
  const auto* end = std::get_if<SmsFailed>(&outcome);
  return end != nullptr ? *end : SmsFailed{};
}

std::string accepted(int status, const std::string& body) {
  const auto outcome = outcome_of({status, body, true, {}}, now);
  const auto* took = std::get_if<SmsAccepted>(&outcome);
  return took != nullptr ? took->message_id : "not accepted";
}

TEST(HttpAnswer, OnlyA2xxWithAMessageIdIsAnAcceptance) {
  EXPECT_EQ(accepted(202, R"({"message_id":"m"})"), "m");
  EXPECT_EQ(accepted(200, R"({"message_id":70000000000000001})"), "70000000000000001");
  for (const auto* body : {"", "{", "[]", "null", R"({"id":"m"})", R"({"message_id":""})",
                           R"({"message_id":7.5})", R"({"message_id":true})", "<html>"})
    EXPECT_EQ(failed(Fault::unknown, 200, body).code, "bad_answer") << body;
  EXPECT_EQ(failed(Fault::unknown, 200, R"({"message_id":")" + std::string(129, 'x') + "\"}").code,
            "bad_answer");
}

TEST(HttpAnswer, ServerErrorsAndRedirectsAreUnknown) {
  for (const int status : {101, 301, 302, 307, 500, 502, 503, 504, 599, 0})
    failed(Fault::unknown, status, R"({"message_id":"m","permanent":true})");
  EXPECT_EQ(failed(Fault::unknown, 503, "", "3").code, "http_503");
}

TEST(HttpAnswer, TheCarrierSaysHowLongToWait) {
  using std::chrono::seconds;
  for (const auto& [fault, status] : {std::pair{Fault::throttled, 429}, {Fault::unknown, 503}}) {
    const auto wait = [&](const char* header) {
      return failed(fault, status, "", header).retry_after;
    };
    EXPECT_EQ(wait("7"), seconds{7});
    EXPECT_EQ(wait("86400"), seconds{86'400});
    EXPECT_EQ(wait("Mon, 30 Nov 2026 00:54:20 GMT"), seconds{60});
    EXPECT_EQ(wait("Mon, 30 Nov 2026 00:00:00 GMT"), seconds{0}) << "over";
    EXPECT_GE(wait("99999999999999999999999"), seconds{86'400});
    for (const auto* none : {"", "soon", "-4", "7 s", "Mon, 30 Nov 2026"})
      EXPECT_EQ(wait(none), seconds{0}) << none;
  }
}

TEST(HttpAnswer, ARefusalHasAFault) {
  for (const int status : {400, 406, 413, 414, 415, 422, 451}) failed(Fault::message, status);
  for (const int status : {408, 409, 423, 425}) failed(Fault::passing, status);
  for (const int status : {401, 402, 403}) failed(Fault::account, status);
  EXPECT_EQ(failed(Fault::account, 402, R"({"code":"no_credit"})").code, "no_credit");
  EXPECT_EQ(failed(Fault::message, 400).code, "http_400");
}

TEST(HttpAnswer, WhatABalancerSaysIsNoFaultOfTheMessage) {
  for (const int status : {404, 405, 410, 421}) {
    failed(Fault::server, status);
    failed(Fault::server, status, "<html>default backend - 404</html>");
  }
  EXPECT_EQ(failed(Fault::message, 404, R"({"code":"no_such_number"})").code, "no_such_number");
}

TEST(HttpAnswer, TheBodySaysMoreThanTheStatus) {
  const auto passing = failed(Fault::passing, 422, R"({"code":"Queue full","permanent":false})");
  EXPECT_EQ(passing.code, "queue_full");
  failed(Fault::message, 409, R"({"permanent":true})");
  failed(Fault::opted_out, 403, R"({"opted_out":true,"permanent":false})");
  failed(Fault::country, 403, R"({"fault":"country","code":"no_sender_there"})");
  failed(Fault::account, 400, R"({"fault":"account"})");
  failed(Fault::message, 400, R"({"fault":"unknown"})");
  failed(Fault::message, 400, R"({"fault":"weather"})");
}

TEST(HttpAnswer, ACodeNeverHoldsANumberOrAddress) {
  for (const auto* body :
       {R"({"code":"bad number +49 151 1234-5678"})", R"({"code":"ann@example.com"})"})
    EXPECT_EQ(failed(Fault::message, 400, body).code, "free_text");
}

}  // namespace
}  // namespace postrider::adapters::http_carrier
