// Prices, limits and the prices of receipts, over the whole pipeline.
#include "pipeline/cost_report.hpp"
#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

using domain::Money;
using ports::Counter;

message::PriceTable german_list() {
  return message::PriceTable{{{"DE", "", "", Money{70'000}, Money{5'000}, "2026-11-01", "list"}},
                             std::nullopt};
}

TEST(Prices, TheEstimateIsThePriceOfTheCountryTimesTheSegments) {
  Shop shop{{}, 0, Shop::german(), german_list()};
  shop.customer();
  const auto n = shop.details(shop.accepted(event("o1"))).notification;
  EXPECT_EQ(n.content.country, "DE");
  EXPECT_EQ(n.estimate, Money{75'000} * n.content.segments);
  EXPECT_EQ(n.state, State::accepted);
}

TEST(Prices, AnUnknownPriceMeansEmailAndAnAlarm) {
  Shop shop{{}, 0, Shop::german(), german_list()};
  shop.customer("c1", "+33612345678");
  const auto n = shop.details(shop.accepted(event("o1"))).notification;
  EXPECT_EQ(n.state, State::email_due);
  EXPECT_EQ(n.reason, "price_unknown");
  EXPECT_EQ(n.content.phone, "") << "no later step can send to it";
  EXPECT_EQ(shop.telemetry.counted(Counter::sms_price_unknown), 1);
  shop.accepted(event("o2"));
  const auto lines = shop.telemetry.lines_of("price_unknown");
  ASSERT_EQ(lines.size(), 1U) << "one alarm a minute";
  EXPECT_EQ(lines[0].fields.at(ports::Field::country), "FR");
  EXPECT_EQ(shop.telemetry.counted(Counter::sms_price_unknown), 2);
  EXPECT_EQ(shop.state(shop.accepted(event("o3"), domain::Mode::test)), State::accepted)
      << "a test message costs nothing";
}

TEST(Prices, ADearMessageGoesByEmail) {
  for (const std::int64_t most : {74'999, 75'000}) {
    Shop shop{{}, 0, Shop::german(), german_list(), {.max_price = Money{most}}};
    shop.customer();
    const auto n = shop.details(shop.accepted(event("o1"))).notification;
    EXPECT_EQ(n.reason, most < 75'000 ? "too_dear" : "");
    EXPECT_EQ(n.state, most < 75'000 ? State::email_due : State::accepted);
  }
}

TEST(Prices, OnlyAllowedCountriesGetSms) {
  const message::PriceTable prices{Money{50'000}};
  Shop shop{{}, 0, Shop::german(), prices, {.countries = {{"AT", "CH"}}}};
  shop.customer();
  EXPECT_EQ(shop.details(shop.accepted(event("o1"))).notification.reason, "country_not_allowed");
  shop.customer("c1", "+436641234567");
  EXPECT_EQ(shop.state(shop.accepted(event("o2"))), State::accepted);
  Shop none{{}, 0, Shop::german(), prices, {.countries = std::set<std::string, std::less<>>{}}};
  none.customer();
  EXPECT_EQ(none.details(none.accepted(event("o1"))).notification.reason, "country_not_allowed");
}

TEST(Prices, PremiumNumbersAreNeverTried) {
  auto rules = Shop::german();
  rules.to_fixed_lines = true;
  Shop shop{{}, 0, rules};
  auto e = event("o1");
  e.contact.emplace();
  e.contact->email = "a@example.com";
  e.contact->phone = "+499001234567";
  EXPECT_EQ(shop.details(shop.accepted(e)).notification.reason, "phone_premium_rate");
  e = event("o2");
  e.contact.emplace();
  e.contact->phone = "+4930123456";
  EXPECT_EQ(shop.state(shop.accepted(e)), State::accepted) << "a fixed line, as the shop asked";
}

Tracked receive(Shop& shop, domain::ReceiptOutcome outcome, Money price) {
  domain::Receipt r;
  r.carrier = "fake";
  r.message_id = "fake-1";
  r.outcome = outcome;
  r.proof = domain::Proof::handset;
  r.at = shop.clock.now();
  r.price = price;
  return *shop.tracker.apply({&r, 1});
}

TEST(Settlement, IsByTheReceiptsPrice) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.budget().spent, Money{50'000})
      << "the worst case, until a receipt names the price";
  receive(shop, domain::ReceiptOutcome::delivered, Money{31'000});
  EXPECT_EQ(shop.state(id), State::delivered);
  EXPECT_EQ(shop.budget().spent, Money{31'000});
  EXPECT_EQ(shop.budget().reserved, Money{0});
  receive(shop, domain::ReceiptOutcome::delivered, Money{31'000});
  EXPECT_EQ(shop.budget().spent, Money{31'000}) << "reported twice";
  EXPECT_EQ(shop.telemetry.counted(Counter::sms_overcharged), 0);
}

TEST(Settlement, APriceOfZeroGivesNothingBackBeforeTheBill) {
  for (const auto outcome :
       {domain::ReceiptOutcome::failed_permanent, domain::ReceiptOutcome::delivered}) {
    Shop shop;
    shop.customer();
    shop.accepted(event("o1"));
    ASSERT_TRUE(shop.sender.send_due());
    receive(shop, outcome, Money{0});
    EXPECT_EQ(shop.budget().spent, Money{50'000});
    EXPECT_EQ(shop.budget().reserved, Money{0});
    EXPECT_EQ(shop.telemetry.counted(Counter::sms_price_implausible), 0);
  }
}

TEST(Settlement, APriceFarFromTheEstimateIsReportedAndNotBooked) {
  for (const std::int64_t price : {1'000'000'000, 500'001, 4'999, 1}) {
    Shop shop;
    shop.customer();
    const auto id = shop.accepted(event("o1"));
    ASSERT_TRUE(shop.sender.send_due());
    for (int i = 0; i < 2; ++i) receive(shop, domain::ReceiptOutcome::delivered, Money{price});
    EXPECT_EQ(shop.budget().spent, Money{50'000}) << price;
    EXPECT_EQ(shop.details(id).attempts[0].receipt->price, Money{price});
    EXPECT_EQ(shop.telemetry.counted(Counter::sms_price_implausible), 2);
    EXPECT_EQ(shop.telemetry.lines_of("price_implausible").size(), 1U) << "one a minute";
    EXPECT_EQ(shop.telemetry.counted(Counter::sms_overcharged), 0);
  }
}

TEST(Settlement, HowFarAPriceMayBeIsASetting) {
  domain::Policy policy;
  policy.max_price_factor = 2;
  Shop shop{policy};
  shop.customer();
  shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  receive(shop, domain::ReceiptOutcome::accepted, Money{100'001});
  EXPECT_EQ(shop.budget().spent, Money{50'000});
  receive(shop, domain::ReceiptOutcome::delivered, Money{100'000});
  EXPECT_EQ(shop.budget().spent, Money{100'000});
}

TEST(Settlement, AHigherPriceIsBookedAndReported) {
  Shop shop;
  shop.customer();
  shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  for (int i = 0; i < 2; ++i) receive(shop, domain::ReceiptOutcome::accepted, Money{80'000});
  EXPECT_EQ(shop.budget().spent, Money{80'000});
  EXPECT_EQ(shop.telemetry.counted(Counter::sms_overcharged), 1);
  EXPECT_EQ(shop.telemetry.lines_of("price_above_estimate").size(), 1U);
}

TEST(Settlement, APriceWhereNoneWasExpectedIsBookedToo) {
  Shop shop{{}, 0, Shop::german(), message::PriceTable{Money{0}}};
  shop.customer();
  shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  receive(shop, domain::ReceiptOutcome::delivered, Money{31'000});
  EXPECT_EQ(shop.budget().spent, Money{31'000});
}

TEST(BudgetWatch, LogsAtEightyPercentAndWhenAllIsUsed) {
  domain::Policy policy;
  policy.limits.monthly = Money{500'000};
  policy.throttle_per_hour = 0;
  Shop shop{policy};
  shop.customer();
  const auto alarms = [&](const char* event) { return shop.telemetry.lines_of(event).size(); };
  const auto send = [&](int count) {
    for (int i = 0; i < count; ++i)
      shop.accepted(event("o" + std::to_string(shop.world.rows.size())));
    ASSERT_TRUE(shop.sender.send_due());
    ASSERT_TRUE(shop.sweeper.sweep());
    ASSERT_TRUE(shop.sweeper.sweep());
  };
  const auto looks = [&](ports::Counter counter) { return shop.telemetry.counted(counter); };
  send(7);
  EXPECT_EQ(alarms("budget_80_percent"), 0U);
  EXPECT_EQ(looks(ports::Counter::budget_80_percent), 0);
  send(1);
  EXPECT_EQ(alarms("budget_80_percent"), 1U);
  EXPECT_EQ(alarms("budget_used_up"), 0U);
  EXPECT_EQ(looks(ports::Counter::budget_80_percent), 2) << "each look while it lasts";
  EXPECT_EQ(looks(ports::Counter::budget_used_up), 0);
  send(2);
  EXPECT_EQ(alarms("budget_80_percent"), 1U);
  EXPECT_EQ(alarms("budget_used_up"), 1U);
  EXPECT_EQ(looks(ports::Counter::budget_used_up), 2);
  send(1);
  EXPECT_EQ(alarms("budget_used_up"), 1U);
  EXPECT_EQ(alarms("monthly_limit_reached"), 1U);
  shop.clock.advance(std::chrono::days{31});
  send(8);
  EXPECT_EQ(alarms("budget_80_percent"), 2U) << "each month anew";
}

domain::TimePoint november(int day, int hour) {
  using namespace std::chrono;
  return sys_days{2026y / November / day} + hours{hour};
}

ports::CostLine line(int day, std::string country, std::int64_t micros, std::string status = "s") {
  return {day, std::move(country), std::move(status), "c", 2, 4, 2, Money{micros}, Money{0}};
}

TEST(CostReport, SumsAMonthByWhatIsAskedFor) {
  const std::vector lines{line(20261101, "DE", 100), line(20261102, "DE", 300),
                          line(20261102, "FR", 500, "t"), line(20261031, "DE", 9'000)};
  const auto by_country = report_costs(202611, lines, CostBy::country, november(30, 0));
  EXPECT_EQ(by_country.total.spent, Money{900});
  EXPECT_EQ(by_country.total.messages, 6);
  ASSERT_EQ(by_country.groups.size(), 2U);
  EXPECT_EQ(by_country.groups.at("DE").spent, Money{400});
  EXPECT_EQ(by_country.groups.at("DE").saved, 4);
  EXPECT_EQ(by_country.groups.at("DE").not_spent, Money{200}) << "half as many again, half as dear";
  EXPECT_EQ(report_costs(202611, lines, CostBy::status, november(30, 0)).groups.at("t").spent,
            Money{500});
  EXPECT_TRUE(
      report_costs(202611, lines, CostBy::day, november(30, 0)).groups.contains("2026-11-02"));
}

TEST(CostReport, TheForecastGoesOnLikeTheLastWeek) {
  std::vector<ports::CostLine> lines;
  for (int day = 20261108; day <= 20261114; ++day) lines.push_back(line(day, "DE", 700));
  lines.push_back(line(20261115, "DE", 100));
  // Seven days at 700, 100 today and 600 more, fifteen days left of November.
  const auto report = report_costs(202611, lines, CostBy::country, november(15, 12));
  EXPECT_EQ(report.forecast, Money{7 * 700 + 100 + 600 + 15 * 700});
  EXPECT_FALSE(report.complete);
}

TEST(CostReport, TheFirstDaysOfAMonthLookBackIntoTheLast) {
  std::vector<ports::CostLine> lines;
  for (int day = 20261025; day <= 20261031; ++day) lines.push_back(line(day, "DE", 700));
  const auto range = days_for(202611, november(1, 1));
  EXPECT_LE(range.first, 20261025);
  EXPECT_EQ(report_costs(202611, lines, CostBy::country, november(1, 1)).forecast, Money{30 * 700});
}

TEST(CostReport, OnTheVeryFirstDayItGoesOnAsItBegan) {
  const std::vector lines{line(20261130, "DE", 250)};
  EXPECT_EQ(report_costs(202611, lines, CostBy::country, november(30, 6)).forecast, Money{1000});
}

TEST(CostReport, AMonthThatIsOverCostsWhatItCost) {
  const std::vector lines{line(20261001, "DE", 250), line(20261101, "DE", 70)};
  const auto report = report_costs(202610, lines, CostBy::country, november(5, 0));
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.forecast, Money{250});
}

}  // namespace
}  // namespace postrider::pipeline::testing
