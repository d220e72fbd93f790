// The loop against a runtime API of raw sockets.
#include "adapters/aws/lambda/runtime.hpp"

#include <gmock/gmock.h>

#include "wire/scripted_peer.hpp"

namespace postrider::adapters::aws::lambda {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using wire::http_answer;
using wire::ScriptedPeer;
using Reply = ScriptedPeer::Reply;

constexpr const char* headers =
    "Lambda-Runtime-Aws-Request-Id: r1\r\nLambda-Runtime-Deadline-Ms: 1795554309000\r\n"
    "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1\r\n";

/// A runtime API that hands out `count` invocations, then goes away.
ScriptedPeer::Script api(int count, int status = 202) {
  return [left = std::make_shared<std::atomic<int>>(count), status](const std::string& request) {
    if (request.starts_with("GET")) {
      if ((*left)-- > 0) return Reply{http_answer(200, "{\"n\":1}", headers)};
      return Reply{"", false};
    }
    return Reply{http_answer(status, "{}")};
  };
}

std::string address(const ScriptedPeer& peer) { return "127.0.0.1:" + std::to_string(peer.port()); }

TEST(Runtime, HandsOnTheInvocationAndAnswers) {
  ScriptedPeer peer{api(2)};
  std::vector<Invocation> seen;
  Runtime{address(peer)}.run([&](const Invocation& invocation) -> InvocationResult {
    seen.push_back(invocation);
    return std::string{"{\"ok\":true}"};
  });
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].request_id, "r1");
  EXPECT_EQ(seen[0].payload, "{\"n\":1}");
  EXPECT_EQ(seen[0].trace_id, "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1");
  EXPECT_EQ(domain::to_unix_ms(seen[0].deadline), 1795554309000);
  EXPECT_THAT(peer.request(0), StartsWith("GET /2018-06-01/runtime/invocation/next HTTP/1.1"));
  EXPECT_THAT(peer.request(1), StartsWith("POST /2018-06-01/runtime/invocation/r1/response HTTP"));
  EXPECT_THAT(peer.request(1), HasSubstr("\r\n\r\n{\"ok\":true}"));
}

TEST(Runtime, ReportsErrorsAndExceptionsAndGoesOn) {
  ScriptedPeer peer{api(2)};
  int calls = 0;
  Runtime{address(peer)}.run([&](const Invocation&) -> InvocationResult {
    if (++calls == 1) throw std::runtime_error("broken");
    return InvocationError{"Postrider.BadEvent", "no event"};
  });
  EXPECT_EQ(calls, 2);
  EXPECT_THAT(peer.request(1), StartsWith("POST /2018-06-01/runtime/invocation/r1/error HTTP"));
  EXPECT_THAT(peer.request(1), HasSubstr("Lambda-Runtime-Function-Error-Type: Postrider.Internal"));
  EXPECT_THAT(peer.request(3), HasSubstr("Lambda-Runtime-Function-Error-Type: Postrider.BadEvent"));
  EXPECT_THAT(peer.request(3), HasSubstr(R"("errorMessage":"no event")"));
}

TEST(Runtime, AnAnswerThatIsRefusedBecomesAnErrorAndEndsTheLoop) {
  ScriptedPeer peer{api(5, 413)};
  int calls = 0;
  Runtime{address(peer)}.run([&](const Invocation&) -> InvocationResult {
    ++calls;
    return std::string{"{}"};
  });
  EXPECT_EQ(calls, 1);
  EXPECT_THAT(peer.request(2), HasSubstr("Postrider.AnswerRefused"));
}

TEST(Runtime, AFailedStartIsReported) {
  ScriptedPeer peer{api(0)};
  Runtime runtime{address(peer)};
  runtime.report_failed_start({"Postrider.Configuration", "GUARD_TABLE is not set"});
  EXPECT_THAT(peer.request(0), StartsWith("POST /2018-06-01/runtime/init/error HTTP/1.1"));
  EXPECT_THAT(peer.request(0), HasSubstr("GUARD_TABLE is not set"));
}

}  // namespace
}  // namespace postrider::adapters::aws::lambda
