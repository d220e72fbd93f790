// Every row of the HTTP carrier's table played by a server, and hang-ups at every stage.
#include <gtest/gtest.h>

#include <map>

#include "adapters/http_carrier/answer.hpp"
#include "adapters/http_carrier/sms_carrier.hpp"
#include "outages/played_carrier.hpp"
#include "wire/scripted_peer.hpp"

namespace postrider::outages {
namespace {

using adapters::http_carrier::HttpCarrierSettings;
using adapters::http_carrier::HttpSmsCarrier;
using domain::Fault;
using wire::ScriptedPeer;

HttpCarrierSettings settings_for(const std::string& origin) {
  HttpCarrierSettings settings;
  settings.url = origin + "/v1/messages";
  settings.answer_timeout = domain::Milliseconds{150};
  settings.connect_timeout = domain::Milliseconds{150};
  return settings;
}

std::string answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

Cost cost_of(const ScriptedPeer::Reply& reply) {
  ScriptedPeer peer{[&](const std::string&) { return reply; }};
  doubles::ManualClock clock;
  HttpSmsCarrier carrier{settings_for(peer.origin()), clock};
  return PlayedShop{carrier}.cost_of_one();
}

const std::string coded = R"({"code":"said_so"})";

/// An answer for each row of the table.
const std::map<std::string, std::string> examples{
    {"429", answer(429, "")},         {"401", answer(401, coded)},
    {"402", answer(402, coded)},      {"403", answer(403, "")},
    {"407 plain", answer(407, "")},   {"404 plain", answer(404, "<html>404</html>")},
    {"405 plain", answer(405, "")},   {"410 plain", answer(410, "")},
    {"421", answer(421, "")},         {"408", answer(408, "")},
    {"409", answer(409, coded)},      {"423", answer(423, "")},
    {"425", answer(425, "")},         {"4*", answer(422, coded)},
    {"*", answer(503, "no backend")},
};

TEST(HttpCarrierOutage, EachRowOfTheTableCostsWhatThePageSays) {
  for (const auto& row : adapters::http_carrier::faults()) {
    const std::string name{row.answer};
    if (name == "not_written") continue;  // played below
    ASSERT_TRUE(examples.contains(name)) << name << " has no example";
    expect_cost(cost_of({examples.at(name)}), row.fault, name);
  }
}

TEST(HttpCarrierOutage, TheCarriersOwnWordsCostWhatTheyName) {
  for (const auto& effect : domain::fault_effects()) {
    if (effect.fault == Fault::unknown) continue;
    const auto body = R"({"fault":")" + std::string{effect.name} + "\"}";
    expect_cost(cost_of({answer(400, body)}), effect.fault, body);
  }
}

TEST(HttpCarrierOutage, NoByteWrittenIsTheServersFault) {
  std::string gone;
  {
    ScriptedPeer peer{[](const std::string&) { return ScriptedPeer::Reply{}; }};
    gone = peer.origin();
  }
  doubles::ManualClock clock;
  HttpSmsCarrier carrier{settings_for(gone), clock};
  PlayedShop shop{carrier};
  expect_cost(shop.cost_of_one(), Fault::server, "nobody there");
}

// The stages at which an answer can end: before it, within its head, within its body. A carrier
// may have the message at each, so that it is never sent again.
TEST(HttpCarrierOutage, AHangUpAtAnyStageCostsThisSmsAlone) {
  const auto whole = answer(200, R"({"message_id":"m-1"})");
  const auto head_end = whole.find("\r\n\r\n");
  for (const auto stage : {std::size_t{0}, std::size_t{5}, head_end, head_end + 6}) {
    const auto part = whole.substr(0, stage);
    const ScriptedPeer::Reply ends[] = {
        {part, false, false},          // FIN
        {part, false, true},           // RST
        {part, true, false},           // silence until the time is over
        {part + "\r\n", false, false}  // half a line more, then FIN
    };
    for (const auto& end : ends)
      expect_cost(cost_of(end), Fault::unknown, std::to_string(stage) + " octets");
  }
}

TEST(HttpCarrierOutage, ALateAnswerIsNobodyElses) {
  std::atomic<int> count{0};
  ScriptedPeer peer{[&](const std::string&) {
    if (count++ > 0) return ScriptedPeer::Reply{answer(200, R"({"message_id":"m-2"})")};
    std::this_thread::sleep_for(std::chrono::milliseconds{400});  // after the time-out
    return ScriptedPeer::Reply{answer(422, coded)};
  }};
  doubles::ManualClock clock;
  auto settings = settings_for(peer.origin());
  settings.concurrency = 1;
  HttpSmsCarrier carrier{settings, clock};
  PlayedShop shop{carrier};
  const auto first = shop.cost_of_one();
  expect_cost(first, Fault::unknown, "no answer in time");
  std::this_thread::sleep_for(std::chrono::milliseconds{350});
  shop.customer("c2", "+4915112345679");
  const auto second = shop.accepted(pipeline::testing::event("o2", "confirmed", "c2"));
  ASSERT_TRUE(shop.played.due_sms.send_due());
  shop.played.sms.wait_until_ended();
  ASSERT_TRUE(shop.played.sms.flush());
  EXPECT_EQ(shop.state(second), domain::State::sms_sent);
}

}  // namespace
}  // namespace postrider::outages
