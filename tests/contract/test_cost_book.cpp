#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

using domain::MoneyEffect;

class CostBook : public Contract {
 protected:
  void insert_to(int number, const std::string& country, Milliseconds after_start = {}) {
    auto n = sample_at(number, after_start);
    n.content.country = country;
    n.content.segments = 1;
    n.content.plain_segments = 3;
    insert(store(), {n});
  }
  Notification sent(int number, Money price) {
    auto took = move(claim(store(), id_of(number), load(store(), id_of(number)).created_at),
                     State::sms_sent, "carrier_accepted");
    took.money = MoneyEffect::spend;
    took.spent = price;
    took.sms_submitted = true;
    took.attempt = {.no = 1, .submission = taken("m" + std::to_string(number)), .receipt = {}};
    return record(store(), took);
  }
  /// "DE carrier 1 message, 1 segment, 2 saved, 7000 spent, 0 reserved", sums of equal keys.
  std::map<std::string, std::vector<std::int64_t>> stored(int first, int last) {
    const auto lines = home_->costs().costs(first, last);
    EXPECT_TRUE(lines);
    std::map<std::string, std::vector<std::int64_t>> sums;
    for (const auto& line : *lines) {
      auto& sum = sums[std::to_string(line.day) + " " + line.country + " " + line.status + " " +
                       line.carrier];
      sum.resize(5);
      const std::int64_t more[] = {line.messages, line.segments, line.saved, line.spent.micros,
                                   line.reserved.micros};
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
    }
    return sums;
  }
  static std::string key(domain::TimePoint day, const std::string& rest) {
    return std::to_string(domain::day_of(day)) + " " + rest;
  }
};
POSTRIDER_IN_EVERY_HOME(CostBook);

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST_P(CostBook, CountsWhatWasSentByDayCountryStatusAndCarrier) {
  const auto tomorrow = start + std::chrono::days{1};
  insert_to(1, "DE");
  insert_to(2, "DE");
  insert_to(3, "FR");
  insert_to(4, "FR", std::chrono::days{1});
  insert_to(5, "FR");  // never sent
  sent(1, Money{7'000});
  sent(2, Money{9'000});
  claim(store(), id_of(3));
  sent(4, Money{10'000});
  const auto status = sample(1).status;
  EXPECT_THAT(stored(domain::day_of(start), domain::day_of(start)),
              UnorderedElementsAre(
                  Pair(key(start, "DE " + status + " carrier"), ElementsAre(2, 2, 4, 16'000, 0)),
                  Pair(key(start, "FR " + status + " "), ElementsAre(1, 1, 2, 0, 10'000))));
  EXPECT_THAT(stored(domain::day_of(tomorrow), 20261231),
              UnorderedElementsAre(Pair(key(tomorrow, "FR " + status + " carrier"),
                                        ElementsAre(1, 1, 2, 10'000, 0))));
}

TEST_P(CostBook, ADefiniteRefusalCostsNothing) {
  insert_to(1, "DE");
  auto refused = move(claim(store(), id_of(1)), State::accepted, "refused:busy");
  refused.money = MoneyEffect::release;
  record(store(), refused);
  EXPECT_TRUE(stored(20260101, 20271231).empty());
}

TEST_P(CostBook, TheSumsStayWhenNotificationsExpire) {
  insert_to(1, "DE");
  insert_to(2, "DE");
  insert_to(3, "DE");
  record(store(), move(sent(1, Money{7'000}), State::delivered, "receipt:delivered"));
  record(store(), move(sent(2, Money{9'000}), State::delivered, "receipt:delivered"));
  // A message without a receipt: its reservation counts as spent.
  auto lost = move(claim(store(), id_of(3)), State::unknown, "unknown:timeout");
  lost.attempt = {.no = 1, .submission = taken(""), .receipt = {}};
  auto mailed = move(record(store(), lost), State::email_due, "no_receipt");
  mailed.reason = "no_receipt";
  record(store(), move(record(store(), mailed), State::delivered, "receipt:delivered"));
  const auto before = stored(20260101, 20271231);
  if (home_->forgets_by_itself()) {
    home_->forget_before(start + std::chrono::days{40});
    EXPECT_EQ(stored(20260101, 20271231), before) << "money without a receipt stays reserved";
    return;
  }
  ASSERT_EQ(*store().expire(start + std::chrono::days{40}, 1), 1);
  ASSERT_EQ(*store().expire(start + std::chrono::days{40}, 100), 2);
  const auto status = sample(1).status;
  EXPECT_THAT(before, ElementsAre(Pair(key(start, "DE " + status + " carrier"),
                                       ElementsAre(3, 3, 6, 16'000, 10'000))));
  EXPECT_THAT(stored(20260101, 20271231), ElementsAre(Pair(key(start, "DE " + status + " carrier"),
                                                           ElementsAre(3, 3, 6, 26'000, 0))));
}

}  // namespace
}  // namespace postrider::contract
