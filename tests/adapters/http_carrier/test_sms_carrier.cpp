#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "adapters/http_carrier/carrier_fixture.hpp"
#include "adapters/http_carrier/signature.hpp"
#include "doubles/manual_clock.hpp"
#include "support/faults.hpp"
#include "wire/scripted_peer.hpp"

namespace postrider::adapters::http_carrier {
namespace {

using wire::http_answer;
using wire::ScriptedPeer;

using std::chrono::milliseconds;
using Reply = ScriptedPeer::Reply;

const std::string accepted_body = R"({"message_id":"m-1"})";

std::string header(const std::string& request, const std::string& name) {
  const auto at = request.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 4;
  return request.substr(begin, request.find("\r\n", begin) - begin);
}
std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

TEST_F(HttpCarrierTest, PostsTheMessageAsJsonAndSigned) {
  ScriptedPeer peer{[](const std::string&) { return Reply{http_answer(200, accepted_body)}; }};
  auto with_secret = settings(peer.origin() + "/v1/messages");
  const std::vector keys{*parse_secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                         *parse_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")};
  with_secret.keys = std::make_shared<SigningKeys>(keys);
  with_secret.authorization = "Bearer abc";
  HttpSmsCarrier carrier{with_secret, clock_};
  const auto outcome = send_one(carrier);
  EXPECT_EQ(std::get<ports::SmsAccepted>(outcome).message_id, "m-1");

  const std::string request = peer.request(0);
  EXPECT_TRUE(request.starts_with("POST /v1/messages HTTP/1.1\r\n"));
  EXPECT_EQ(header(request, "Authorization"), "Bearer abc");
  const auto json = nlohmann::json::parse(body_of(request));
  EXPECT_EQ(json, (nlohmann::json{{"to", "+12025550100"},
                                  {"text", "Grüße"},
                                  {"sender_id", "Shop"},
                                  {"reference", "00000000-0000-0000-0000-000000000000"},
                                  {"attempt", 1},
                                  {"encoding", "GSM-7"},
                                  {"segments", 1},
                                  {"type", "transactional"},
                                  {"validity_seconds", 600}}));
  const std::string id = header(request, "webhook-id");
  const std::string at = header(request, "webhook-timestamp");
  const std::string signature = header(request, "webhook-signature");
  for (const auto& key : keys)
    EXPECT_TRUE(verify({&key, 1}, {id, at, signature}, body_of(request), clock_.now()))
        << "while a secret is changed, whichever the carrier has";
}

TEST_F(HttpCarrierTest, AnAnswerCutAtAnyByteIsUnknownAndNothingIsSentTwice) {
  for (const int status : {200, 422, 429}) {
    const std::string whole =
        http_answer(status, R"({"message_id":"m-1","permanent":true})", "Retry-After: 3\r\n");
    for (const bool reset : {false, true}) {
      std::atomic<std::size_t> cut{0};
      ScriptedPeer peer{[&](const std::string&) {
        return Reply{whole.substr(0, cut), false, reset};
      }};
      HttpSmsCarrier carrier{settings(peer.origin() + "/v1/messages"), clock_};
      for (cut = 0; cut < whole.size(); ++cut) {
        const auto outcome = send_one(carrier);
        ASSERT_EQ(support::fault_of(outcome), domain::Fault::unknown)
            << status << " cut after " << cut << " octets, outcome " << outcome.index();
      }
      EXPECT_EQ(peer.requests(), static_cast<int>(whole.size()));
    }
  }
}

TEST_F(HttpCarrierTest, AClosedPortIsUnreachable) {
  int port = 0;
  {
    ScriptedPeer peer{[](const std::string&) { return Reply{}; }};
    port = peer.port();
  }
  HttpSmsCarrier carrier{settings("http://127.0.0.1:" + std::to_string(port) + "/"), clock_};
  EXPECT_EQ(std::get<ports::SmsFailed>(send_one(carrier)).code, "connect_failed");
}

TEST_F(HttpCarrierTest, AHostWithoutAnAddressIsUnreachable) {
  HttpSmsCarrier carrier{settings("http://no-such-host.invalid/"), clock_};
  EXPECT_EQ(std::get<ports::SmsFailed>(send_one(carrier)).code, "dns_failed");
}

TEST_F(HttpCarrierTest, APeerThatDoesNotSpeakTlsIsUnreachableAndSeesNoMessage) {
  ScriptedPeer peer{[](const std::string&) { return Reply{}; }};
  HttpCarrierSettings tls = settings("https://127.0.0.1:" + std::to_string(peer.port()) + "/");
  tls.connect_timeout = milliseconds{300};
  HttpSmsCarrier carrier{tls, clock_};
  EXPECT_EQ(std::get<ports::SmsFailed>(send_one(carrier)).code, "tls_failed");
  EXPECT_EQ(peer.requests(), 0);
}

TEST_F(HttpCarrierTest, AnAnswerThatDoesNotComeInTimeIsUnknown) {
  ScriptedPeer peer{[](const std::string&) {
    std::this_thread::sleep_for(milliseconds{400});
    return Reply{http_answer(200, accepted_body)};
  }};
  auto hurried = settings(peer.origin() + "/v1/messages");
  hurried.answer_timeout = milliseconds{100};
  HttpSmsCarrier carrier{hurried, clock_};
  EXPECT_EQ(std::get<ports::SmsFailed>(send_one(carrier)).code, "timeout");
  EXPECT_EQ(peer.requests(), 1);
}

TEST_F(HttpCarrierTest, AConnectionThatIsKeptOpenIsUsedAgain) {
  ScriptedPeer peer{[](const std::string&) { return Reply{http_answer(200, accepted_body)}; }};
  HttpSmsCarrier carrier{settings(peer.origin() + "/v1/messages"), clock_};
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(std::holds_alternative<ports::SmsAccepted>(send_one(carrier)));
  EXPECT_EQ(peer.connections(), 1);
}

TEST_F(HttpCarrierTest, AConnectionThatThePeerClosedWhileIdleIsNotUsed) {
  ScriptedPeer peer{[](const std::string&) { return Reply{http_answer(200, accepted_body)}; }};
  HttpSmsCarrier carrier{settings(peer.origin() + "/v1/messages"), clock_};
  send_one(carrier);
  peer.close_all();
  std::this_thread::sleep_for(milliseconds{20});
  EXPECT_TRUE(std::holds_alternative<ports::SmsAccepted>(send_one(carrier)));
  EXPECT_EQ(peer.connections(), 2);
  EXPECT_EQ(peer.requests(), 2);
}

TEST_F(HttpCarrierTest, AConnectionThatHasSomethingToReadIsNotUsed) {
  std::atomic<int> served{0};
  ScriptedPeer peer{[&served](const std::string&) {
    std::string octets = http_answer(200, accepted_body);
    // An answer without a request must not be taken for the next message's.
    if (++served == 1) octets += http_answer(200, R"({"message_id":"foreign"})");
    return Reply{octets};
  }};
  HttpSmsCarrier carrier{settings(peer.origin() + "/v1/messages"), clock_};
  send_one(carrier);
  std::this_thread::sleep_for(milliseconds{20});
  EXPECT_EQ(std::get<ports::SmsAccepted>(send_one(carrier)).message_id, "m-1");
  EXPECT_EQ(peer.connections(), 2);
}

TEST_F(HttpCarrierTest, AConnectionThatWasIdleForLongIsNotUsed) {
  ScriptedPeer peer{[](const std::string&) { return Reply{http_answer(200, accepted_body)}; }};
  auto brief = settings(peer.origin() + "/v1/messages");
  brief.idle = milliseconds{30};
  HttpSmsCarrier carrier{brief, clock_};
  send_one(carrier);
  std::this_thread::sleep_for(milliseconds{60});
  send_one(carrier);
  EXPECT_EQ(peer.connections(), 2);
}

TEST_F(HttpCarrierTest, ARequestOnAReusedConnectionThatDiesIsNotRepeated) {
  std::atomic<int> served{0};
  ScriptedPeer peer{[&served](const std::string&) {
    if (++served == 1) return Reply{http_answer(200, accepted_body)};
    return Reply{"", false};
  }};
  HttpSmsCarrier carrier{settings(peer.origin() + "/v1/messages"), clock_};
  send_one(carrier);
  EXPECT_EQ(std::get<ports::SmsFailed>(send_one(carrier)).code, "connection_lost");
  std::this_thread::sleep_for(milliseconds{50});
  EXPECT_EQ(peer.requests(), 2);
}

TEST_F(HttpCarrierTest, ABatchIsAnsweredInOrderWithBoundedConcurrency) {
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  ScriptedPeer peer{[&](const std::string& request) {
    most = std::max<int>(most, ++now);
    std::this_thread::sleep_for(milliseconds{5});
    --now;
    const auto json = nlohmann::json::parse(body_of(request));
    const nlohmann::json reply{{"message_id", json["reference"]}};
    return Reply{http_answer(202, reply.dump())};
  }};
  auto four = settings(peer.origin() + "/v1/messages");
  four.concurrency = 4;
  HttpSmsCarrier carrier{four, clock_};
  const auto batch = messages(60);
  std::vector<ports::SmsOutcome> other;
  std::thread second{[&] { other = carrier.submit(batch, no_end); }};
  const auto outcomes = carrier.submit(batch, no_end);
  second.join();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    EXPECT_EQ(std::get<ports::SmsAccepted>(outcomes[i]).message_id,
              domain::to_string(batch[i].reference));
    EXPECT_EQ(std::get<ports::SmsAccepted>(other[i]).message_id,
              domain::to_string(batch[i].reference));
  }
  EXPECT_GT(most, 1);
  EXPECT_LE(most, 4);
  EXPECT_EQ(peer.connections(), 4);
  EXPECT_EQ(peer.requests(), 120);
}

void expect_only_the_first_went(const std::vector<ports::SmsOutcome>& outcomes) {
  EXPECT_TRUE(std::holds_alternative<ports::SmsAccepted>(outcomes.at(0)));
  for (std::size_t i = 1; i < outcomes.size(); ++i)
    EXPECT_TRUE(std::holds_alternative<ports::SmsNotBegun>(outcomes[i])) << i;
}

TEST_F(HttpCarrierTest, AMessageThatHasNotBegunWhenTheTimeIsUpNeverBegins) {
  ScriptedPeer peer{[](const std::string&) {
    std::this_thread::sleep_for(milliseconds{150});
    return Reply{http_answer(200, accepted_body)};
  }};
  auto one_by_one = settings(peer.origin() + "/v1/messages");
  one_by_one.concurrency = 1;
  one_by_one.batch_timeout = milliseconds{100};
  HttpSmsCarrier carrier{one_by_one, clock_};
  const auto outcomes = carrier.submit(messages(3), no_end);
  expect_only_the_first_went(outcomes);
  EXPECT_EQ(peer.requests(), 1);
}

TEST_F(HttpCarrierTest, NoMessageBeginsAtTheEndOfItsTimeThoughTheSteadyClockStoodStill) {
  doubles::ManualClock clock;
  ScriptedPeer peer{[&clock](const std::string&) {
    clock.advance(std::chrono::minutes{2});
    return Reply{http_answer(200, accepted_body)};
  }};
  auto one_by_one = settings(peer.origin() + "/v1/messages");
  one_by_one.concurrency = 1;
  HttpSmsCarrier carrier{one_by_one, clock};
  expect_only_the_first_went(carrier.submit(messages(3), clock.now() + std::chrono::minutes{1}));
  EXPECT_EQ(peer.requests(), 1);
  EXPECT_EQ(carrier.width(), 1);
}

TEST_F(HttpCarrierTest, AStartedMessageEndsAloneAndASlowAnswerHoldsUpNoOther) {
  std::atomic<int> asked{0};
  ScriptedPeer peer{[&asked](const std::string&) {
    if (++asked == 1) std::this_thread::sleep_for(milliseconds{400});
    return Reply{http_answer(200, accepted_body)};
  }};
  auto two = settings(peer.origin() + "/v1/messages");
  two.concurrency = 2;
  HttpSmsCarrier carrier{two, clock_};
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::size_t> ended;
  const auto begun = std::chrono::steady_clock::now();
  carrier.start(messages(6), no_end, [&](std::size_t index, const ports::SmsOutcome& outcome) {
    EXPECT_TRUE(std::holds_alternative<ports::SmsAccepted>(outcome));
    const std::lock_guard lock{mutex};
    ended.push_back(index);
    changed.notify_all();
  });
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds{200}) << "it returns at once";
  std::unique_lock lock{mutex};
  EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds{10}, [&] { return ended.size() == 6; }));
  std::sort(ended.begin(), ended.end() - 1);
  EXPECT_THAT(ended, testing::AnyOf(testing::ElementsAre(1, 2, 3, 4, 5, 0),
                                    testing::ElementsAre(0, 2, 3, 4, 5, 1)))
      << "the slow one of the first two is the last";
}

// A peer on a busy machine notes some messages later than they came: the rule itself, to the
// millisecond, is tested with the pacer.
constexpr milliseconds a_second_as_seen{900};

TEST_F(HttpCarrierTest, NoSecondHasMorePartsOnTheWireThanPermitted) {
  std::mutex mutex;
  std::vector<std::chrono::steady_clock::time_point> seen;
  ScriptedPeer peer{[&](const std::string&) {
    const std::lock_guard lock{mutex};
    seen.push_back(std::chrono::steady_clock::now());
    return Reply{http_answer(200, accepted_body)};
  }};
  auto paced = settings(peer.origin() + "/v1/messages");
  paced.parts_per_second = 40;
  HttpSmsCarrier carrier{paced, clock_};
  const auto begun = std::chrono::steady_clock::now();
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&carrier] {
      for (const auto& outcome : carrier.submit(messages(25), no_end))
        EXPECT_TRUE(std::holds_alternative<ports::SmsAccepted>(outcome));
    });
  for (auto& caller : callers) caller.join();
  ASSERT_EQ(seen.size(), 100U);
  std::sort(seen.begin(), seen.end());
  for (std::size_t i = 40; i < seen.size(); ++i)
    EXPECT_GT(seen[i] - seen[i - 40], a_second_as_seen) << i;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds{3'500}) << "the rate is used";
}

TEST_F(HttpCarrierTest, AMessageThatWakesLongAfterItsTimeTakesANewOne) {
  std::mutex mutex;
  std::vector<std::chrono::steady_clock::time_point> seen;
  ScriptedPeer peer{[&](const std::string&) {
    const std::lock_guard lock{mutex};
    seen.push_back(std::chrono::steady_clock::now());
    return Reply{http_answer(200, accepted_body)};
  }};
  auto paced = settings(peer.origin() + "/v1/messages");
  paced.parts_per_second = 40;
  HttpSmsCarrier carrier{paced, clock_};
  // All of this process stands still while the second 40 wait for the rate.
  const pid_t child = ::fork();
  if (child == 0) {
    ::usleep(500'000);
    ::kill(::getppid(), SIGSTOP);
    ::usleep(1'300'000);
    ::kill(::getppid(), SIGCONT);
    ::_exit(0);
  }
  carrier.submit(messages(120), no_end);
  ::waitpid(child, nullptr, 0);
  ASSERT_EQ(seen.size(), 120U);
  std::sort(seen.begin(), seen.end());
  for (std::size_t i = 40; i < seen.size(); ++i)
    EXPECT_GT(seen[i] - seen[i - 40], a_second_as_seen) << i;
}

TEST_F(HttpCarrierTest, AMessageThatWaitsForTheRateUntilTheTimeIsUpHasNotBegun) {
  ScriptedPeer peer{[](const std::string&) { return Reply{http_answer(200, accepted_body)}; }};
  auto paced = settings(peer.origin() + "/v1/messages");
  paced.parts_per_second = 1;
  paced.batch_timeout = milliseconds{300};
  HttpSmsCarrier carrier{paced, clock_};
  const auto outcomes = carrier.submit(messages(3), no_end);
  expect_only_the_first_went(outcomes);
  EXPECT_EQ(peer.requests(), 1);
}

TEST_F(HttpCarrierTest, InterimAnswersAreSkipped) {
  ScriptedPeer peer{[](const std::string&) {
    return Reply{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" +
                 http_answer(200, accepted_body)};
  }};
  HttpSmsCarrier carrier{settings(peer.origin() + "/v1/messages"), clock_};
  EXPECT_TRUE(std::holds_alternative<ports::SmsAccepted>(send_one(carrier)));
}

TEST_F(HttpCarrierTest, ARefusalWhoseEndIsNotMarkedCountsOnlyAsAWholeObject) {
  const std::string head = "HTTP/1.1 422 X\r\nConnection: close\r\n\r\n";
  std::atomic<bool> whole{true};
  ScriptedPeer peer{[&](const std::string&) {
    return Reply{head + (whole ? R"({"code":"bad"})" : R"({"code":"b)"), false};
  }};
  HttpSmsCarrier carrier{settings(peer.origin() + "/v1/messages"), clock_};
  EXPECT_EQ(std::get<ports::SmsFailed>(send_one(carrier)).code, "bad");
  whole = false;
  EXPECT_EQ(std::get<ports::SmsFailed>(send_one(carrier)).code, "incomplete_answer");
}

TEST_F(HttpCarrierTest, SaysWithoutARequestWhetherItsPeerCanBeReached) {
  int port = 0;
  {
    ScriptedPeer peer{[](const std::string&) { return Reply{}; }};
    port = peer.port();
    EXPECT_EQ(HttpSmsCarrier(settings(peer.origin() + "/v1/messages"), clock_).reach(), "");
    EXPECT_EQ(peer.requests(), 0);
  }
  const auto closed = "http://127.0.0.1:" + std::to_string(port) + "/";
  EXPECT_EQ(HttpSmsCarrier(settings(closed), clock_).reach(), "connect_failed");
}

TEST_F(HttpCarrierTest, WhatCannotBeUsedIsRefusedAtTheStart) {
  EXPECT_THROW((HttpSmsCarrier{settings("ftp://example.com/"), clock_}), std::invalid_argument);
  EXPECT_THROW((HttpSmsCarrier{settings("http://user:pw@example.com/"), clock_}),
               std::invalid_argument);
  auto injected = settings("http://example.com/");
  injected.authorization = "Bearer x\r\nX: y";
  EXPECT_THROW((HttpSmsCarrier{injected, clock_}), std::invalid_argument);
}

}  // namespace
}  // namespace postrider::adapters::http_carrier
