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

TEST_P(DueOrder, TheNewestIsTheOneThatBecameDueLast) {
  const auto newest = [&](domain::TimePoint now) {
    const auto found = query().newest_due(State::accepted, now);
    EXPECT_TRUE(found);
    return found && *found ? std::optional{(*found)->id} : std::nullopt;
  };
  EXPECT_EQ(newest(start + seconds{9}), std::nullopt);
  insert_due(1, Priority::high, seconds{5});
  EXPECT_EQ(newest(start + seconds{9}), id_of(1)) << "there is no other";
  for (int i = 2; i < 6; ++i) insert_due(i, Priority::normal, seconds{i == 3 ? 4 : 1});
  EXPECT_EQ(newest(start + seconds{9}), id_of(3));
  EXPECT_EQ(newest(start + seconds{2} - Milliseconds{1001}), std::nullopt) << "not due yet";
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

TEST_P(DueOrder, HasTheNumberOfPartsAndThePriority) {
  auto n = sample(1);
  n.content.segments = 4;
  insert(store(), {n});
  insert_due(2, Priority::high);
  const auto due = query().due(State::accepted, start, 2);
  ASSERT_EQ(due->size(), 2U);
  EXPECT_EQ((*due)[0].priority, Priority::high);
  EXPECT_EQ((*due)[1].priority, Priority::normal);
  EXPECT_EQ((*due)[1].segments, 4);
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

}  // namespace
}  // namespace postrider::contract
