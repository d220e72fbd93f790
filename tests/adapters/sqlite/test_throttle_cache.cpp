// The throttle over thousands of people and hours, against a list of all that passed.
#include <map>
#include <random>

#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/support.hpp"
#include "domain/intake/schedule.hpp"

namespace postrider::adapters::sqlite {
namespace {

constexpr domain::Throttle throttle{3, std::chrono::hours{1}};

class ThrottleOfManyTest : public testing::Test {
 protected:
  domain::Notification next() {
    auto n = sample(++number_);
    n.content.phone = "+49151" + std::to_string(1'000'000 + random_() % 4000);
    now_ += domain::Milliseconds{random_() % 1000};
    n.created_at = now_;
    n.due_at = now_;
    n.not_after = now_ + std::chrono::hours{12};
    return n;
  }

  /// The schedule by all that passed before.
  domain::Schedule expected(const domain::Notification& n) {
    auto& passed = passed_[n.content.phone];
    std::vector<domain::TimePoint> within;
    for (const auto time : passed)
      if (time > n.created_at - throttle.window) within.push_back(time);
    std::sort(within.begin(), within.end());
    const auto plan = domain::schedule_of(n, domain::throttle_room(within, n, throttle));
    if (plan.released_at) passed.push_back(*plan.released_at);
    return plan;
  }

  int number_ = 0;
  domain::TimePoint now_ = start;
  std::mt19937 random_{7};
  std::map<std::string, std::vector<domain::TimePoint>> passed_;
};

TEST_F(ThrottleOfManyTest, CountsAllOfTheWindowAlsoAfterARestart) {
  const Folder folder;
  int deferred = 0;
  for (int run = 0; run < 3; ++run) {
    const auto database = open_service(folder);
    SqliteNotificationStore store{*database};
    for (int batch = 0; batch < 80; ++batch) {
      std::vector<domain::Notification> all;
      for (int i = 0; i < 100; ++i) all.push_back(next());
      const auto outcomes = store.insert(all, throttle);
      ASSERT_TRUE(outcomes);
      for (std::size_t i = 0; i < all.size(); ++i) {
        const auto plan = expected(all[i]);
        ASSERT_EQ(std::get<ports::Inserted>((*outcomes)[i]).state, plan.state)
            << run << " " << batch << " " << i;
        deferred += plan.state == domain::State::deferred;
      }
    }
  }
  EXPECT_GT(deferred, 1000);
}

}  // namespace
}  // namespace postrider::adapters::sqlite
