// The client against a server of raw sockets: which calls are repeated, and which never.
#include "adapters/aws/client/client.hpp"

#include <gmock/gmock.h>

#include <barrier>

#include "doubles/manual_clock.hpp"
#include "wire/scripted_peer.hpp"

namespace postrider::adapters::aws::client {
namespace {

using testing::HasSubstr;
using wire::http_answer;
using wire::ScriptedPeer;

doubles::ManualClock& test_clock() {
  static doubles::ManualClock clock{domain::from_unix_ms(1'795'554'309'000)};
  return clock;
}

Settings settings_for(const ScriptedPeer& peer) {
  Settings settings;
  settings.region = "us-east-1";
  settings.endpoint = peer.origin();
  settings.credentials.kind = CredentialSource::Kind::environment;
  settings.credentials.key_id = "AKENV";
  settings.credentials.secret = "secret";
  settings.longest_backoff = domain::Milliseconds{5};
  settings.answer_timeout = domain::Milliseconds{500};
  return settings;
}

Call call_of(Repeat repeat, std::string body = "{}") {
  return {dynamodb, "DynamoDB_20120810.GetItem", "application/x-amz-json-1.0", "/", std::move(body),
          repeat};
}

std::string refusal(const std::string& type) {
  return R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + type + R"(","message":"m"})";
}

/// A peer that answers the first request with a given answer and all others with 200.
ScriptedPeer::Script first(ScriptedPeer::Reply reply) {
  return [reply, count = std::make_shared<std::atomic<int>>(0)](const std::string&) {
    return (*count)++ == 0 ? reply : ScriptedPeer::Reply{http_answer(200, "{\"ok\":1}")};
  };
}

TEST(Client, SignsAndReadsTheAnswer) {
  ScriptedPeer peer{first({http_answer(200, "{\"Item\":{}}")})};
  Client client{settings_for(peer), test_clock()};
  const auto reply = client.call(call_of(Repeat::safe));
  ASSERT_TRUE(std::holds_alternative<Answer>(reply));
  EXPECT_EQ(std::get<Answer>(reply).body, "{\"Item\":{}}");
  EXPECT_FALSE(std::get<Answer>(reply).repeated);
  EXPECT_THAT(peer.request(0), HasSubstr("Credential=AKENV/20261124/us-east-1/dynamodb/"));
  EXPECT_THAT(peer.request(0), HasSubstr("\r\nx-amz-target: DynamoDB_20120810.GetItem\r\n"));
  EXPECT_EQ(peer.requests(), 1);
}

TEST(Client, WhatMayHaveBeenDoneIsRepeatedOnlyWhereThatIsSafe) {
  const std::vector<ScriptedPeer::Reply> doubtful{
      {http_answer(500, refusal("InternalServerError"))},
      {http_answer(503, "")},
      {"", false, true},                                          // reset
      {"", false},                                                // closed without an answer
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", false},  // cut
      {"HTTP/1.1 200 OK\r\n\r\n{}", false},                       // of unknown length
      {"garbage\r\n\r\n", false},
  };
  for (const auto& ending : doubtful) {
    for (const auto repeat : {Repeat::never, Repeat::if_refused}) {
      ScriptedPeer peer{first(ending)};
      Client client{settings_for(peer), test_clock()};
      const auto reply = client.call(call_of(repeat));
      EXPECT_EQ(peer.requests(), 1) << ending.octets;
      if (const auto* none = std::get_if<NoReply>(&reply)) {
        EXPECT_FALSE(none->not_done) << ending.octets;
      } else {
        ASSERT_TRUE(std::holds_alternative<Refusal>(reply)) << ending.octets;
        EXPECT_TRUE(std::get<Refusal>(reply).may_be_done());
      }
    }
    ScriptedPeer peer{first(ending)};
    Client client{settings_for(peer), test_clock()};
    const auto reply = client.call(call_of(Repeat::safe));
    ASSERT_TRUE(std::holds_alternative<Answer>(reply)) << ending.octets;
    EXPECT_TRUE(std::get<Answer>(reply).repeated);
    EXPECT_EQ(peer.requests(), 2);
  }
}

TEST(Client, AThrottleIsADefiniteRefusalAndIsRepeatedButNeverForSms) {
  const ScriptedPeer::Reply throttle{http_answer(400, refusal("ThrottlingException"))};
  for (const auto repeat : {Repeat::if_refused, Repeat::safe}) {
    ScriptedPeer peer{first(throttle)};
    Client client{settings_for(peer), test_clock()};
    const auto reply = client.call(call_of(repeat));
    ASSERT_TRUE(std::holds_alternative<Answer>(reply));
    EXPECT_FALSE(std::get<Answer>(reply).repeated) << "nothing was done before";
  }
  ScriptedPeer peer{first(throttle)};
  Client client{settings_for(peer), test_clock()};
  const auto reply = client.call(call_of(Repeat::never));
  EXPECT_EQ(std::get<Refusal>(reply).code, "ThrottlingException");
  EXPECT_FALSE(std::get<Refusal>(reply).may_be_done());
  EXPECT_EQ(peer.requests(), 1);
}

TEST(Client, OtherRefusalsStandAndAreNamedInEveryProtocol) {
  const auto code_of = [](const std::string& octets) {
    ScriptedPeer peer{first({octets})};
    Client client{settings_for(peer), test_clock()};
    const auto reply = client.call(call_of(Repeat::safe));
    EXPECT_EQ(peer.requests(), 1);
    const auto* refused = std::get_if<Refusal>(&reply);
    return refused == nullptr ? "" : refused->code;
  };
  EXPECT_EQ(code_of(http_answer(400, refusal("ConditionalCheckFailedException"))),
            "ConditionalCheckFailedException");
  EXPECT_EQ(code_of(http_answer(403,
                                "<ErrorResponse><Error><Type>Sender</Type><Code>"
                                "AuthorizationError</Code><Message>no</Message></Error>")),
            "AuthorizationError");
  EXPECT_EQ(code_of(http_answer(400, R"({"message":"x"})",
                                "x-amzn-ErrorType: MessageRejected:http://internal\r\n")),
            "MessageRejected");
  EXPECT_EQ(code_of(http_answer(404, "")), "http_404");
}

TEST(Client, ARefusalAfterADoubtfulTrySaysSo) {
  auto count = std::make_shared<std::atomic<int>>(0);
  ScriptedPeer peer{[count](const std::string&) {
    return (*count)++ == 0
               ? ScriptedPeer::Reply{"", false, true}
               : ScriptedPeer::Reply{http_answer(400, refusal("ConditionalCheckFailedException"))};
  }};
  Client client{settings_for(peer), test_clock()};
  const auto reply = client.call(call_of(Repeat::safe));
  EXPECT_TRUE(std::get<Refusal>(reply).may_be_done());
}

TEST(Client, GivesUpAfterItsTries) {
  ScriptedPeer peer{[](const std::string&) { return ScriptedPeer::Reply{http_answer(500, "")}; }};
  Client client{settings_for(peer), test_clock()};
  EXPECT_TRUE(std::holds_alternative<Refusal>(client.call(call_of(Repeat::safe))));
  EXPECT_EQ(peer.requests(), 4);
}

TEST(Client, ABatchGoesOutTogether) {
  std::barrier all_there{10};
  ScriptedPeer peer{[&](const std::string& request) {
    all_there.arrive_and_wait();  // hangs, and the call times out, unless ten are on their way
    const auto body = request.substr(request.find("\r\n\r\n") + 4);
    return ScriptedPeer::Reply{http_answer(200, body)};
  }};
  auto settings = settings_for(peer);
  settings.answer_timeout = std::chrono::seconds{20};
  Client client{settings, test_clock()};
  std::vector<Call> batch;
  for (int i = 0; i < 10; ++i) batch.push_back(call_of(Repeat::never, std::to_string(i)));
  const auto replies = client.call(batch);
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_EQ(std::get<Answer>(replies[i]).body, std::to_string(i));
}

TEST(Client, NoTryBeginsAfterItsTime) {
  ScriptedPeer peer{first({http_answer(200, "{}")})};
  Client client{settings_for(peer), test_clock()};
  const auto now = std::chrono::steady_clock::now();
  client.stop_at(now, now);
  const auto reply = client.call(call_of(Repeat::safe));
  EXPECT_EQ(std::get<NoReply>(reply).code, "out_of_time");
  EXPECT_TRUE(std::get<NoReply>(reply).not_done);
  EXPECT_EQ(peer.connections(), 0);
}

TEST(Client, AMessageBeginsEarlierAndHasTimeForItsAnswer) {
  ScriptedPeer peer{first({http_answer(200, "{}")})};
  auto settings = settings_for(peer);
  Client client{settings, test_clock()};
  const auto now = std::chrono::steady_clock::now();
  client.stop_at(now, now + std::chrono::seconds{60});
  auto message = call_of(Repeat::never);
  message.service = sns;
  EXPECT_EQ(std::get<NoReply>(client.call(message)).code, "out_of_time");
  EXPECT_TRUE(std::holds_alternative<Answer>(client.call(call_of(Repeat::safe))));
}

TEST(Client, ItsTimeAlsoEndsTheConnecting) {
  ScriptedPeer peer{first({http_answer(200, "{}")})};  // says nothing to a TLS hello
  auto settings = settings_for(peer);
  settings.endpoint = "https" + settings.endpoint.substr(4);
  settings.connect_timeout = std::chrono::seconds{20};
  Client client{settings, test_clock()};
  const auto began = std::chrono::steady_clock::now();
  client.stop_at(began + std::chrono::milliseconds{200}, began + std::chrono::seconds{60});
  auto claim = call_of(Repeat::safe);
  claim.leads_to_message = true;
  const auto reply = client.call(claim);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{5});
  EXPECT_EQ(std::get<NoReply>(reply).code, "out_of_time");
  EXPECT_TRUE(std::get<NoReply>(reply).not_done);
}

TEST(Client, NobodyThereMeansNothingWasDone) {
  std::string origin;
  {
    ScriptedPeer gone{first({})};
    origin = gone.origin();
  }
  ScriptedPeer peer{first({})};
  auto settings = settings_for(peer);
  settings.endpoint = origin;
  Client client{settings, test_clock()};
  const auto reply = client.call(call_of(Repeat::if_refused));
  EXPECT_EQ(std::get<NoReply>(reply).code, "connect_failed");
  EXPECT_TRUE(std::get<NoReply>(reply).not_done);
}

TEST(Client, ForgottenConnectionsAreNotUsedAgain) {
  ScriptedPeer peer{first({http_answer(200, "{}")})};
  Client client{settings_for(peer), test_clock()};
  client.call(call_of(Repeat::safe));
  client.call(call_of(Repeat::safe));
  EXPECT_EQ(peer.connections(), 1);
  client.forget_connections();
  client.call(call_of(Repeat::safe));
  EXPECT_EQ(peer.connections(), 2);
}

std::string lent(const std::string& key, const std::string& until) {
  return http_answer(200, R"({"Code":"Success","AccessKeyId":")" + key +
                              R"(","SecretAccessKey":"s","Token":"t/+=","Expiration":")" + until +
                              "\"}");
}

TEST(Client, AsksTheContainerForCredentialsUntilTheyExpire) {
  auto asked = std::make_shared<std::atomic<int>>(0);
  ScriptedPeer container{[asked](const std::string&) {
    return ScriptedPeer::Reply{
        lent("AK" + std::to_string(++*asked), "2026-11-24T22:05:09Z")};  // in an hour
  }};
  ScriptedPeer peer{first({http_answer(400, refusal("ExpiredTokenException"))})};
  auto settings = settings_for(peer);
  settings.credentials.kind = CredentialSource::Kind::container;
  settings.credentials.url = container.origin() + "/creds?x=1";
  settings.credentials.token = "Bearer abc";
  doubles::ManualClock clock{test_clock().now()};
  Client client{settings, clock};
  EXPECT_TRUE(std::holds_alternative<Answer>(client.call(call_of(Repeat::safe))));
  EXPECT_THAT(container.request(0), HasSubstr("GET /creds?x=1 HTTP/1.1"));
  EXPECT_THAT(container.request(0), HasSubstr("\r\nAuthorization: Bearer abc\r\n"));
  EXPECT_THAT(peer.request(0), HasSubstr("Credential=AK1/"));
  EXPECT_THAT(peer.request(0), HasSubstr("\r\nx-amz-security-token: t/+=\r\n"));
  EXPECT_THAT(peer.request(1), HasSubstr("Credential=AK2/")) << "asked again after a refusal";
  client.call(call_of(Repeat::safe));
  EXPECT_EQ(*asked, 2) << "kept while they are good";
  clock.advance(std::chrono::minutes{51});
  client.call(call_of(Repeat::safe));
  EXPECT_EQ(*asked, 3) << "refreshed ten minutes before their end";
}

std::string dated(const std::string& date, const std::string& code, const std::string& text) {
  const std::string body = "<ErrorResponse><Error><Code>" + code + "</Code><Message>" + text +
                           "</Message></Error></ErrorResponse>";
  return "HTTP/1.1 403 Forbidden\r\nDate: " + date +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(Client, ARequestThatWasTooOldIsSignedAnewOnce) {
  const auto too_old =
      dated("Tue, 24 Nov 2026 21:05:09 GMT", "SignatureDoesNotMatch", "Signature expired: …");
  ScriptedPeer peer{first({too_old})};
  Client client{settings_for(peer), test_clock()};
  EXPECT_TRUE(std::holds_alternative<Answer>(client.call(call_of(Repeat::never))))
      << "it was refused before anything was done";
  EXPECT_EQ(peer.requests(), 2);
  EXPECT_THAT(peer.request(1), HasSubstr("x-amz-date: 20261124T210509Z")) << "its clock is right";
}

TEST(Client, AWrongClockIsCorrectedByTheServersDate) {
  const auto skewed =
      dated("Tue, 24 Nov 2026 23:05:09 GMT", "RequestTimeTooSkewed", "The difference …");
  ScriptedPeer peer{first({skewed})};
  Client client{settings_for(peer), test_clock()};
  EXPECT_TRUE(std::holds_alternative<Answer>(client.call(call_of(Repeat::never))));
  EXPECT_THAT(peer.request(1), HasSubstr("x-amz-date: 20261124T230509Z"));
  client.call(call_of(Repeat::never));
  EXPECT_THAT(peer.request(2), HasSubstr("x-amz-date: 20261124T230509Z")) << "kept";
}

TEST(Client, ASecondRefusalOfTheSameKindEndsTheCall) {
  const auto too_old = dated("soon", "InvalidSignatureException", "Signature expired: …");
  ScriptedPeer peer{[&](const std::string&) { return ScriptedPeer::Reply{too_old}; }};
  Client client{settings_for(peer), test_clock()};
  const auto reply = client.call(call_of(Repeat::never));
  ASSERT_TRUE(std::holds_alternative<Refusal>(reply));
  EXPECT_EQ(stale(std::get<Refusal>(reply)), Stale::clock);
  EXPECT_EQ(peer.requests(), 2);
}

TEST(Client, AWrongKeyIsNoOldSignature) {
  ScriptedPeer peer{first({dated("soon", "SignatureDoesNotMatch", "The request signature we …")})};
  Client client{settings_for(peer), test_clock()};
  const auto reply = client.call(call_of(Repeat::never));
  ASSERT_TRUE(std::holds_alternative<Refusal>(reply));
  EXPECT_EQ(stale(std::get<Refusal>(reply)), Stale::nothing);
  EXPECT_EQ(peer.requests(), 1);
}

TEST(Client, AsksTheInstanceInThreeSteps) {
  ScriptedPeer instance{[](const std::string& request) {
    if (request.starts_with("PUT /latest/api/token HTTP/1.1"))
      return ScriptedPeer::Reply{http_answer(200, "TOKEN")};
    const bool with_token =
        request.find("X-aws-ec2-metadata-token: TOKEN\r\n") != std::string::npos;
    if (!with_token) return ScriptedPeer::Reply{http_answer(401, "")};
    if (request.starts_with("GET /latest/meta-data/iam/security-credentials/ HTTP"))
      return ScriptedPeer::Reply{http_answer(200, "shop-role")};
    if (request.starts_with("GET /latest/meta-data/iam/security-credentials/shop-role HTTP"))
      return ScriptedPeer::Reply{lent("AKROLE", "2026-11-25T03:05:09Z")};
    return ScriptedPeer::Reply{http_answer(404, "")};
  }};
  ScriptedPeer peer{first({http_answer(200, "{}")})};
  auto settings = settings_for(peer);
  settings.credentials.kind = CredentialSource::Kind::instance;
  settings.credentials.url = instance.origin();
  Client client{settings, test_clock()};
  EXPECT_TRUE(std::holds_alternative<Answer>(client.call(call_of(Repeat::safe))));
  EXPECT_THAT(peer.request(0), HasSubstr("Credential=AKROLE/"));
}

TEST(Client, WithoutCredentialsNothingIsSent) {
  ScriptedPeer container{[](const std::string&) {
    return ScriptedPeer::Reply{http_answer(200, R"({"Code":"Failed"})")};
  }};
  ScriptedPeer peer{first({})};
  auto settings = settings_for(peer);
  settings.credentials.kind = CredentialSource::Kind::container;
  settings.credentials.url = container.origin();
  Client client{settings, test_clock()};
  const auto reply = client.call(call_of(Repeat::safe));
  EXPECT_EQ(std::get<NoReply>(reply).code, "credentials:no_credentials");
  EXPECT_TRUE(std::get<NoReply>(reply).not_done);
  EXPECT_EQ(peer.connections(), 0);
}

TEST(Client, AnUnreadableBundleOfAuthoritiesEndsTheStart) {
  ScriptedPeer peer{first({})};
  auto settings = settings_for(peer);
  settings.ca_bundle = "/nowhere.pem";
  EXPECT_NO_THROW((Client{settings, test_clock()})) << "all is plain HTTP";
  settings.endpoint.clear();
  EXPECT_THROW((Client{settings, test_clock()}), std::runtime_error);
  settings.endpoint = peer.origin();
  settings.endpoints["SQS"] = "https://localhost:1";
  EXPECT_THROW((Client{settings, test_clock()}), std::runtime_error);
}

}  // namespace
}  // namespace postrider::adapters::aws::client
