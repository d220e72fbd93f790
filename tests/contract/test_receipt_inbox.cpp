#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

using domain::Receipt;
using domain::ReceiptOutcome;
using testing::ElementsAre;
using testing::IsEmpty;

class Inbox : public Contract {
 protected:
  void keep(std::vector<Receipt> receipts, domain::TimePoint now = start) {
    EXPECT_TRUE(home_->inbox().keep(receipts, now));
  }
  std::vector<Receipt> find(const std::vector<std::string>& message_ids) {
    std::vector<ports::NotificationStore::MessageKey> keys;
    for (const auto& id : message_ids) keys.push_back({"carrier", id});
    const auto found = home_->inbox().find(keys);
    EXPECT_TRUE(found);
    return found ? *found : std::vector<Receipt>{};
  }
  std::vector<Receipt> matched(int limit = 100) {
    const auto found = home_->inbox().matched(limit);
    EXPECT_TRUE(found);
    return found ? *found : std::vector<Receipt>{};
  }
  Receipt full() const {
    auto r = receipt("m1", ReceiptOutcome::failed_permanent);
    r.proof = domain::Proof::carrier;
    r.detail = "code 5";
    r.price = Money{6450};
    r.segments = 3;
    return r;
  }
};
POSTRIDER_IN_EVERY_HOME(Inbox);

TEST_P(Inbox, KeepsNoMoreOfOneMessageThanIsUsefulButADeliveryFindsRoom) {
  std::vector<Receipt> noise;
  for (int i = 0; i < 50; ++i) {
    noise.push_back(receipt("m1", ReceiptOutcome::failed_temporary));
    noise.back().detail = std::to_string(i);
  }
  keep(noise);
  const auto kept = find({"m1"});
  EXPECT_EQ(kept.size(), 20U);
  const auto delivered = receipt("m1", ReceiptOutcome::delivered);
  keep({delivered, receipt("m2", ReceiptOutcome::failed_temporary)});
  EXPECT_EQ(find({"m1"}).back().outcome, ReceiptOutcome::delivered);
  EXPECT_EQ(find({"m2"}).size(), 1U) << "each message has its own room";
  EXPECT_TRUE(home_->inbox().drop(kept));
  keep({noise.back()});
  EXPECT_EQ(find({"m1"}).size(), 2U) << "what is dropped makes room";
}

TEST_P(Inbox, WhatWasKeptComesBackWholeAndStays) {
  keep({full()});
  EXPECT_THAT(find({"m1"}), ElementsAre(full()));
  EXPECT_THAT(find({"m1", "m1"}), ElementsAre(full()));
  EXPECT_THAT(find({"m2"}), IsEmpty());
}

TEST_P(Inbox, TheSameReceiptTwiceIsKeptOnce) {
  keep({full(), full()});
  keep({full()}, start + std::chrono::seconds{9});
  keep({receipt("m2", ReceiptOutcome::delivered), receipt("m2", ReceiptOutcome::delivered)});
  EXPECT_EQ(find({"m1"}).size(), 1U);
  EXPECT_EQ(find({"m2"}).size(), 1U);
}

TEST_P(Inbox, OldestFirst) {
  auto second = receipt("m1", ReceiptOutcome::delivered);
  second.at = start - std::chrono::hours{1};
  keep({receipt("m1", ReceiptOutcome::accepted)});
  keep({receipt("m2", ReceiptOutcome::delivered)});
  keep({second});
  const auto found = find({"m2", "m1"});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0], receipt("m1", ReceiptOutcome::accepted));
  EXPECT_EQ(found[1], receipt("m2", ReceiptOutcome::delivered));
  EXPECT_EQ(found[2], second);
}

TEST_P(Inbox, OnlyReceiptsOfKnownAttemptsMatch) {
  keep({receipt("foreign", ReceiptOutcome::delivered), receipt("m1", ReceiptOutcome::delivered)});
  EXPECT_THAT(matched(), IsEmpty());
  send(store(), 1, "m1");
  EXPECT_THAT(matched(), ElementsAre(receipt("m1", ReceiptOutcome::delivered)));
  EXPECT_THAT(matched(), ElementsAre(receipt("m1", ReceiptOutcome::delivered))) << "it stays";
}

TEST_P(Inbox, AStoreThatForgetsByItselfNoLongerLooksAtForeignReceipts) {
  if (!home_->forgets_by_itself()) GTEST_SKIP() << "this one looks at a few at a time";
  keep({receipt("m1", ReceiptOutcome::delivered)});
  home_->pass_to(start + std::chrono::minutes{61});
  keep({receipt("m2", ReceiptOutcome::delivered)}, start + std::chrono::minutes{61});
  send(store(), 1, "m1");
  send(store(), 2, "m2");
  EXPECT_THAT(matched(), ElementsAre(receipt("m2", ReceiptOutcome::delivered)));
  EXPECT_EQ(find({"m1"}).size(), 1U) << "whoever records it finds it by its key";
}

TEST_P(Inbox, MatchedTakesNoMoreThanAskedAndReachesAll) {
  for (int i = 1; i <= 5; ++i) {
    const auto id = "m" + std::to_string(i);
    send(store(), i, id);
    keep({receipt(id, ReceiptOutcome::delivered)});
  }
  int reached = 0;
  for (int round = 0; round < 5; ++round) {
    const auto found = matched(2);
    EXPECT_LE(found.size(), 2U);
    reached += static_cast<int>(found.size());
    EXPECT_TRUE(home_->inbox().drop(found));
  }
  EXPECT_EQ(reached, 5);
}

TEST_P(Inbox, DroppingTakesTheVeryReceiptAndNoOther) {
  auto other = full();
  other.price.reset();
  auto third = full();
  third.segments.reset();
  keep({full(), other, third});
  const std::vector gone{full()};
  EXPECT_TRUE(home_->inbox().drop(gone));
  EXPECT_THAT(find({"m1"}), ElementsAre(other, third));
  EXPECT_TRUE(home_->inbox().drop(std::vector{other, third}));
  EXPECT_THAT(find({"m1"}), IsEmpty());
  EXPECT_TRUE(home_->inbox().drop({}));
}

TEST_P(Inbox, ForgetsWhatIsOlderThanTheHorizon) {
  keep({receipt("m1", ReceiptOutcome::delivered)});
  if (home_->forgets_by_itself()) {
    keep({receipt("m2", ReceiptOutcome::delivered)}, start + std::chrono::seconds{1});
    home_->pass_to(start + std::chrono::hours{72});
  } else {
    keep({receipt("m2", ReceiptOutcome::delivered)}, start + Milliseconds{1});
    EXPECT_EQ(*home_->inbox().expire(start), 0);
    EXPECT_EQ(*home_->inbox().expire(start + Milliseconds{1}), 1);
  }
  EXPECT_THAT(find({"m1"}), IsEmpty());
  EXPECT_EQ(find({"m2"}).size(), 1U);
}

}  // namespace
}  // namespace postrider::contract
