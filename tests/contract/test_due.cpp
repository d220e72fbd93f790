#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

using domain::Priority;
using std::chrono::seconds;

class DueOrder : public Contract {
 protected:
  void insert_due(int number, Priority priority, Milliseconds after = {}) {
    auto n = sample_at(number, after);
    n.priority = priority;
    insert(store(), {n});
  }
  /// The numbers of the due notifications, in order.
  std::vector<int> due(int limit, domain::TimePoint now = start + std::chrono::hours{1},
                       State state = State::accepted) {
    std::vector<int> numbers;
    const auto found = query().due(state, now, limit);
    EXPECT_TRUE(found);
    if (!found) return numbers;
    for (const auto& d : *found)
      for (int i = 0; i < 200; ++i)
        if (id_of(i) == d.id) numbers.push_back(i);
    return numbers;
  }
};
POSTRIDER_IN_EVERY_HOME(DueOrder);

TEST_P(DueOrder, TheLongestDueComesFirst) {
  insert_due(1, Priority::normal, seconds{3});
  insert_due(2, Priority::normal, seconds{1});
  insert_due(3, Priority::normal, seconds{2});
  EXPECT_THAT(due(10), testing::ElementsAre(2, 3, 1));
}

TEST_P(DueOrder, ANotificationThatIsNotDueYetStays) {
  insert_due(1, Priority::normal, seconds{1});
  EXPECT_THAT(due(10, start + seconds{1} - Milliseconds{1}), testing::IsEmpty());
  EXPECT_THAT(due(10, start + seconds{1}), testing::ElementsAre(1));
}

TEST_P(DueOrder, HighPriorityOvertakes) {
  for (int i = 0; i < 20; ++i) insert_due(i, Priority::normal);
  insert_due(100, Priority::high, seconds{9});
  EXPECT_EQ(due(5).front(), 100);
}

TEST_P(DueOrder, NormalOnesDoNotStarve) {
  for (int i = 0; i < 20; ++i) insert_due(i, Priority::high);
  for (int i = 20; i < 40; ++i) insert_due(i, Priority::normal);
  EXPECT_THAT(due(10), testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 20, 21));
}

TEST_P(DueOrder, APlaceThatOneKindLeavesIsTakenByTheOther) {
  for (int i = 0; i < 20; ++i) insert_due(i, Priority::high);
  insert_due(20, Priority::normal);
  EXPECT_THAT(due(10), testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 20));
  EXPECT_EQ(due(100).size(), 21U);
}

TEST_P(DueOrder, ASingleProbeIsHighPriority) {
  insert_due(1, Priority::normal);
  insert_due(2, Priority::high);
  EXPECT_THAT(due(1), testing::ElementsAre(2));
}

TEST_P(DueOrder, EachStateHasItsOwnQueue) {
  insert_due(1, Priority::normal);
  insert_due(2, Priority::normal);
  claim(store(), id_of(1));
  EXPECT_THAT(due(10), testing::ElementsAre(2));
  EXPECT_THAT(due(10, start + seconds{59}, State::sending_sms), testing::IsEmpty());
  EXPECT_THAT(due(10, start + seconds{60}, State::sending_sms), testing::ElementsAre(1));
}

TEST_P(DueOrder, HasTheNumberOfParts) {
  auto n = sample(1);
  n.content.segments = 4;
  insert(store(), {n});
  EXPECT_EQ(query().due(State::accepted, start, 1)->front().segments, 4);
}

TEST_P(DueOrder, TheNextDueTimeIsTheEarliestOfAllStates) {
  EXPECT_EQ(query().next_due()->has_value(), false);
  insert_due(1, Priority::normal, seconds{90});
  insert_due(2, Priority::high);
  EXPECT_EQ(*query().next_due(), start);
  claim(store(), id_of(2));
  EXPECT_EQ(*query().next_due(), start + seconds{60});
  auto ended = sample(3);
  ended.state = State::no_contact;
  ended.due_at.reset();
  insert(store(), {ended});
  EXPECT_EQ(*query().next_due(), start + seconds{60});
}

class Newer : public Contract {
 protected:
  /// Notifications with a status of their own each.
  static Notification of_order(int number, std::optional<Milliseconds> occurred = {}) {
    auto n = sample(number);
    n.status = "status_" + std::to_string(number);
    n.order_id = "one order";
    if (occurred) n.occurred_at = start + *occurred;
    return n;
  }
  bool has_newer(int number) {
    const auto n = load(store(), id_of(number));
    return query().has_newer({&n, 1})->front();
  }
};
POSTRIDER_IN_EVERY_HOME(Newer);

TEST_P(Newer, ByTheOrderOfIntakeWhereTheTimeIsNotGiven) {
  insert(store(), {of_order(1), of_order(2, seconds{1}), sample(3)});
  EXPECT_TRUE(has_newer(1));
  EXPECT_FALSE(has_newer(2));
  EXPECT_FALSE(has_newer(3));
}

TEST_P(Newer, ByTheTimeItHappenedWhereBothHaveIt) {
  insert(store(), {of_order(1, seconds{9}), of_order(2, seconds{1})});
  EXPECT_FALSE(has_newer(1)) << "came first, happened last";
  EXPECT_TRUE(has_newer(2));
}

TEST_P(Newer, OtherShopsAndTestModeDoNotCount) {
  auto other_shop = of_order(2);
  other_shop.shop = "another";
  auto test = of_order(3);
  test.mode = domain::Mode::test;
  insert(store(), {of_order(1), other_shop, test});
  EXPECT_FALSE(has_newer(1));
}

TEST_P(Newer, AnotherParcelOfTheOrderIsNoNewerStatus) {
  auto first = of_order(1);
  auto second = of_order(2);
  first.status = second.status = "shipped";
  insert(store(), {first, second});
  EXPECT_FALSE(has_newer(1));
  insert(store(), {of_order(3)});
  EXPECT_TRUE(has_newer(1));
  EXPECT_TRUE(has_newer(2));
}

TEST_P(Newer, AnswersEachOfABatch) {
  insert(store(), {of_order(1), of_order(2), sample(3)});
  const std::vector batch{load(store(), id_of(1)), load(store(), id_of(2)),
                          load(store(), id_of(3))};
  EXPECT_THAT(*query().has_newer(batch), testing::ElementsAre(true, false, false));
}

}  // namespace
}  // namespace postrider::contract
