// One notification that can't be read stops no other.
#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

class Unreadable : public Contract {
 protected:
  /// Expects that the store has named `number`, at least once.
  void expect_named(int number) {
    auto* telemetry = home_->telemetry();
    if (telemetry == nullptr) return;
    EXPECT_GT(telemetry->counted(ports::Counter::items_set_aside), 0);
    const auto lines = telemetry->lines_of("item_set_aside");
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.front().fields.at(ports::Field::notification_id),
              domain::to_string(id_of(number)));
  }
  std::vector<domain::NotificationId> due(int limit, domain::TimePoint now = start) {
    std::vector<domain::NotificationId> ids;
    const auto found = query().due(State::accepted, now, limit);
    EXPECT_TRUE(found);
    if (found)
      for (const auto& d : *found) ids.push_back(d.id);
    return ids;
  }
  std::vector<domain::NotificationId> ids_of(std::initializer_list<int> numbers) {
    std::vector<domain::NotificationId> ids;
    for (const int number : numbers) ids.push_back(id_of(number));
    return ids;
  }
};
POSTRIDER_IN_EVERY_HOME(Unreadable);

TEST_P(Unreadable, IsLeftOutOfWhatIsLoadedAndNamed) {
  insert(store(), {sample(1), sample(2), sample(3)});
  home_->spoil(id_of(2));
  const auto loaded = store().load(ids_of({1, 2, 3}));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->at(0)->id, id_of(1));
  EXPECT_FALSE(loaded->at(1));
  EXPECT_EQ(loaded->at(2)->id, id_of(3));
  expect_named(2);
}

TEST_P(Unreadable, HasNoRepeatAndTheOtherEventsOfTheBatchAreStored) {
  insert(store(), {sample(1), sample(2)});
  home_->spoil(id_of(2));
  const std::vector batch{sample(3), sample(2), sample(1)};
  const auto outcomes = store().insert(batch, {});
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(std::holds_alternative<ports::Inserted>(outcomes->at(0)));
  EXPECT_TRUE(std::holds_alternative<ports::Unreadable>(outcomes->at(1)));
  EXPECT_TRUE(std::holds_alternative<ports::Duplicate>(outcomes->at(2)));
  expect_named(2);
}

TEST_P(Unreadable, IsNotClaimedAndTheOthersAre) {
  insert(store(), {sample(1), sample(2), sample(3)});
  home_->spoil(id_of(2));
  const auto claimed = store().claim_sms(ids_of({1, 2, 3}), terms());
  ASSERT_TRUE(claimed);
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claimed->at(0)));
  EXPECT_TRUE(std::holds_alternative<ports::NotClaimable>(claimed->at(1)));
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claimed->at(2)));
  expect_named(2);
}

TEST_P(Unreadable, ManyDoNotFillTheHeadOfWhatIsDue) {
  for (int i = 1; i <= 5; ++i) {
    insert(store(), {sample(i)});
    home_->spoil(id_of(i));
  }
  for (int i = 6; i <= 8; ++i) insert(store(), {sample(i)});
  for (int round = 0; round < 2; ++round) ASSERT_TRUE(store().load(due(5)));
  EXPECT_THAT(due(5), testing::UnorderedElementsAreArray(ids_of({6, 7, 8})));
  if (home_->telemetry() != nullptr) {
    EXPECT_EQ(due(100, start + std::chrono::years{30}).size(), 8U) << "they come again";
  }
}

TEST_P(Unreadable, HasNoReceiptAndTheOthersHaveTheirs) {
  send(store(), 1, "m-1");
  send(store(), 2, "m-2");
  home_->spoil(id_of(1));
  const std::vector<ports::NotificationStore::MessageKey> keys{{"carrier", "m-1"},
                                                               {"carrier", "m-2"}};
  const auto matches = store().match(keys);
  ASSERT_TRUE(matches);
  EXPECT_FALSE(matches->at(0));
  EXPECT_EQ(matches->at(1)->notification.id, id_of(2));
}

TEST_P(Unreadable, InAChainStopsNoOtherOfTheOrder) {
  auto old = sample(1), newer = sample_at(2, std::chrono::seconds{1});
  old.order_id = newer.order_id = "one order";
  insert(store(), {old, newer});
  home_->spoil(newer.id);
  EXPECT_TRUE(query().chains({&old, 1}, start + std::chrono::hours{1}));
  claim(store(), old.id, start + std::chrono::hours{1});
}

TEST_P(Unreadable, IsAnErrorOfItsOwnRecordAlone) {
  insert(store(), {sample(1), sample(2)});
  home_->spoil(id_of(1));
  const auto spoilt = query().details(id_of(1));
  ASSERT_FALSE(spoilt);
  EXPECT_EQ(spoilt.error().kind, domain::ErrorKind::corrupt);
  EXPECT_EQ(details(query(), id_of(2)).notification.id, id_of(2));
  const auto page = query().list({}, 10, "");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->notifications.size(), 1U);
  EXPECT_EQ(page->notifications.front().id, id_of(2));
}

}  // namespace
}  // namespace postrider::contract
