#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "adapters/simulator/simulated_network.hpp"

namespace postrider::adapters::simulator {
namespace {

using domain::ReceiptOutcome;
using std::chrono::milliseconds;

domain::NotificationId id(std::uint32_t n) {
  domain::NotificationId made;
  for (std::size_t i = 0; i < 4; ++i) made.bytes[i] = static_cast<std::uint8_t>(n >> (8 * i));
  return made;
}

constexpr std::uint32_t many = 20'000;
constexpr const char* anybody = "+4915112345678";

template <class Holds>
double share(const SimulatedNetwork& network, Holds holds) {
  int hits = 0;
  for (std::uint32_t n = 0; n < many; ++n)
    if (holds(network.judge(anybody, id(n), 1))) ++hits;
  return hits / static_cast<double>(many);
}

bool same(const Verdict& a, const Verdict& b) {
  if (a.answer != b.answer || a.latency != b.latency || a.receipts.size() != b.receipts.size())
    return false;
  for (std::size_t i = 0; i < a.receipts.size(); ++i)
    if (a.receipts[i].delay != b.receipts[i].delay ||
        a.receipts[i].outcome != b.receipts[i].outcome)
      return false;
  return true;
}

TEST(SimulatedNetwork, AcceptsAndDeliversEverythingByDefaultWithinASecond) {
  const SimulatedNetwork network{{}};
  EXPECT_EQ(share(network,
                  [](const Verdict& v) {
                    return v.answer == Answer::accepted && v.latency == milliseconds{0} &&
                           v.receipts.size() == 1 &&
                           v.receipts[0].outcome == ReceiptOutcome::delivered &&
                           v.receipts[0].delay < milliseconds{1000};
                  }),
            1.0);
}

TEST(SimulatedNetwork, SharesOfAnswersComeOutAsSet) {
  NetworkSettings settings;
  settings.refuse_temporary = 0.1;
  settings.refuse_for_good = 0.05;
  settings.throttle = 0.02;
  settings.unknown = 0.2;
  settings.opted_out = 0.03;
  const SimulatedNetwork network{settings};
  const auto answered = [&network](Answer answer) {
    return share(network, [answer](const Verdict& v) { return v.answer == answer; });
  };
  EXPECT_NEAR(answered(Answer::refused_temporary), 0.1, 0.01);
  EXPECT_NEAR(answered(Answer::refused_for_good), 0.05, 0.01);
  EXPECT_NEAR(answered(Answer::throttled), 0.02, 0.01);
  EXPECT_NEAR(answered(Answer::unknown), 0.2, 0.01);
  EXPECT_NEAR(answered(Answer::opted_out), 0.03, 0.01);
  EXPECT_NEAR(answered(Answer::accepted), 0.6, 0.015);
}

TEST(SimulatedNetwork, SharesOfReceiptsComeOutAsSet) {
  NetworkSettings settings;
  settings.loss = 0.1;
  settings.duplicate_receipts = 0.2;
  settings.late_receipts = 0.05;
  settings.early_receipts = 0.3;
  settings.fail_for_good = 0.1;
  const SimulatedNetwork network{settings};
  EXPECT_NEAR(share(network, [](const Verdict& v) { return v.receipts.empty(); }), 0.1, 0.01);
  EXPECT_NEAR(share(network, [](const Verdict& v) { return v.receipts.size() == 2; }), 0.18, 0.015);
  EXPECT_NEAR(share(network,
                    [&settings](const Verdict& v) {
                      return !v.receipts.empty() && v.receipts[0].delay >= settings.late_by;
                    }),
              0.045, 0.01);
  EXPECT_NEAR(
      share(network, [](const Verdict& v) { return !v.receipts.empty() && v.receipts[0].early; }),
      0.9 * 0.95 * 0.3, 0.015);
  EXPECT_NEAR(share(network,
                    [](const Verdict& v) {
                      return !v.receipts.empty() &&
                             v.receipts[0].outcome == ReceiptOutcome::failed_permanent;
                    }),
              0.09, 0.01);
}

TEST(SimulatedNetwork, HalfOfTheUnknownOnesGoOutAllTheSame) {
  NetworkSettings settings;
  settings.unknown = 1;
  const SimulatedNetwork network{settings};
  EXPECT_NEAR(share(network, [](const Verdict& v) { return v.receipts.size() == 1; }), 0.5, 0.02);
}

TEST(SimulatedNetwork, SaysTheSameForTheSameSeedAndSomethingElseForAnother) {
  NetworkSettings settings;
  settings.unknown = 0.3;
  settings.loss = 0.3;
  settings.latency_jitter = milliseconds{50};
  const SimulatedNetwork network{settings};
  const SimulatedNetwork again{settings};
  settings.seed = 2;
  const SimulatedNetwork other{settings};
  int differing = 0;
  for (std::uint32_t n = 0; n < 500; ++n) {
    const auto verdict = network.judge(anybody, id(n), 1);
    EXPECT_TRUE(same(verdict, again.judge(anybody, id(n), 1)));
    if (!same(verdict, other.judge(anybody, id(n), 1))) ++differing;
    EXPECT_LE(verdict.latency, milliseconds{50});
  }
  EXPECT_GT(differing, 400);
}

TEST(SimulatedNetwork, ANextAttemptIsDrawnAnew) {
  NetworkSettings settings;
  settings.refuse_temporary = 0.5;
  const SimulatedNetwork network{settings};
  int both = 0;
  for (std::uint32_t n = 0; n < many; ++n)
    if (network.judge(anybody, id(n), 1).answer == Answer::refused_temporary &&
        network.judge(anybody, id(n), 2).answer == Answer::refused_temporary)
      ++both;
  EXPECT_NEAR(both / static_cast<double>(many), 0.25, 0.015);
}

TEST(SimulatedNetwork, KnowsAllPublicSimulatorNumbersOfAws) {
  const SimulatedNetwork network{{}};
  const std::map<std::string, std::string> pairs{
      {"+14254147755", "+14254147167"},       {"+61455944038", "+61455944039"},
      {"+43676800442031", "+43676800442032"}, {"+32460213922", "+32460213923"},
      {"+420790542286", "+420790542287"},     {"+4525919410", "+4525919215"},
      {"+3584573979110", "+3584573979111"},   {"+33755512501", "+33755512502"},
      {"+85257048426", "+85257048854"}};
  for (const auto& [success, failure] : pairs) {
    const auto good = network.judge(success, id(1), 1);
    ASSERT_EQ(good.receipts.size(), 1U);
    EXPECT_EQ(good.receipts[0].outcome, ReceiptOutcome::delivered);
    const auto bad = network.judge(failure, id(1), 1);
    EXPECT_EQ(bad.answer, Answer::accepted);
    ASSERT_EQ(bad.receipts.size(), 1U);
    EXPECT_EQ(bad.receipts[0].outcome, ReceiptOutcome::failed_permanent);
  }
}

TEST(SimulatedNetwork, SimulatedNumbersWinOverAllShares) {
  NetworkSettings settings;
  settings.refuse_for_good = 1;
  settings.loss = 1;
  const SimulatedNetwork network{settings};
  for (std::uint32_t n = 0; n < 200; ++n)
    EXPECT_EQ(network.judge("+14254147755", id(n), 1).receipts.size(), 1U);
  EXPECT_EQ(network.judge("+12025550120", id(1), 1).answer, Answer::refused_for_good)
      << "a number of fiction without a row in the table is like any other";
}

TEST(SimulatedNetwork, NoNumberIsInTheTableTwice) {
  std::set<std::string_view> seen;
  for (const auto& number : simulated_numbers()) EXPECT_TRUE(seen.insert(number.e164).second);
  EXPECT_EQ(seen.size(), 34U);
}

TEST(SimulatedNetwork, OurOwnNumbersDoWhatTheTableSays) {
  const SimulatedNetwork network{{}};
  const auto judge = [&network](const char* end, int attempt = 1) {
    return network.judge(std::string{"+120255501"} + end, id(7), attempt);
  };
  EXPECT_EQ(judge("01").receipts.at(0).proof, domain::Proof::carrier);
  EXPECT_EQ(judge("02").answer, Answer::refused_temporary);
  EXPECT_EQ(judge("02", 2).receipts.at(0).outcome, ReceiptOutcome::delivered);
  EXPECT_EQ(judge("03").answer, Answer::refused_for_good);
  EXPECT_TRUE(judge("04").receipts.empty());
  EXPECT_GE(judge("05").receipts.at(0).delay, network.settings().late_by);
  EXPECT_EQ(judge("06").receipts.size(), 3U);
  EXPECT_EQ(judge("07").answer, Answer::opted_out);
  EXPECT_EQ(judge("08").answer, Answer::unknown);
  EXPECT_TRUE(judge("08").receipts.empty());
  EXPECT_EQ(judge("09").answer, Answer::unknown);
  EXPECT_EQ(judge("09").receipts.size(), 1U);
  EXPECT_EQ(judge("10").receipts.at(0).outcome, ReceiptOutcome::failed_temporary);
  EXPECT_EQ(judge("12").receipts.at(0).outcome, ReceiptOutcome::accepted);
  EXPECT_EQ(judge("12").receipts.at(1).outcome, ReceiptOutcome::delivered);
  EXPECT_TRUE(judge("13").receipts.at(0).early);
  EXPECT_EQ(judge("14").receipts.at(0).outcome, ReceiptOutcome::opted_out);
  EXPECT_EQ(judge("15", 9).answer, Answer::refused_temporary);
}

TEST(PartsMeter, LetsThroughNoMoreThanTheLimitInAnySlidingSecond) {
  PartsMeter meter{10};
  const auto at = [](int ms) { return domain::from_unix_ms(1'000'000 + ms); };
  EXPECT_TRUE(meter.admit(at(0), 4));
  EXPECT_TRUE(meter.admit(at(900), 6));
  EXPECT_FALSE(meter.admit(at(999), 1));
  EXPECT_TRUE(meter.admit(at(1000), 4));
  EXPECT_FALSE(meter.admit(at(1899), 1));
  EXPECT_TRUE(meter.admit(at(1900), 1));
  EXPECT_TRUE(PartsMeter{0}.admit(at(0), 1'000'000));
}

}  // namespace
}  // namespace postrider::adapters::simulator
