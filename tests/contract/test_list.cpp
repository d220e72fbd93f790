#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

class List : public Contract {
 protected:
  /// The numbers of all notifications that `filter` finds, read page by page.
  std::vector<int> all(const ports::Filter& filter, int limit = 2) {
    std::vector<int> numbers;
    std::string cursor;
    for (int pages = 0; pages < 50; ++pages) {
      const auto page = query().list(filter, limit, cursor);
      EXPECT_TRUE(page);
      if (!page) break;
      EXPECT_LE(page->notifications.size(), static_cast<std::size_t>(limit));
      for (const auto& n : page->notifications) numbers.push_back(number_of(n.id));
      cursor = page->next_cursor;
      if (cursor.empty()) break;
    }
    return numbers;
  }
  static int number_of(const domain::NotificationId& id) {
    for (int i = 0; i < 100; ++i)
      if (id_of(i) == id) return i;
    return -1;
  }
  static ports::Filter with(State state) {
    ports::Filter filter;
    filter.state = state;
    return filter;
  }
  void fill() {
    for (int i = 1; i <= 6; ++i) {
      auto n = sample_at(i, seconds{i});
      n.order_id = i % 2 == 0 ? "even" : "odd";
      n.parcel = std::to_string(i);  // each may go by itself
      n.customer_id = i <= 3 ? "low" : "high";
      insert(store(), {n});
    }
  }
};
POSTRIDER_IN_EVERY_HOME(List);

TEST_P(List, NewestFirstPageByPage) {
  fill();
  EXPECT_THAT(all({}), ElementsAre(6, 5, 4, 3, 2, 1));
  EXPECT_THAT(all({}, 6), ElementsAre(6, 5, 4, 3, 2, 1));
  EXPECT_THAT(all({}, 1), ElementsAre(6, 5, 4, 3, 2, 1));
}

TEST_P(List, TheLastPageHasNoCursor) {
  fill();
  EXPECT_FALSE(query().list({}, 5, "")->next_cursor.empty());
  EXPECT_TRUE(query().list({}, 6, "")->next_cursor.empty());
}

TEST_P(List, OfOneTimeTheLastTakenInComesFirst) {
  insert(store(), {sample(1), sample(2), sample(3)});
  EXPECT_THAT(all({}, 1), ElementsAre(3, 2, 1));
}

TEST_P(List, ByOrderAndByCustomer) {
  fill();
  ports::Filter filter;
  filter.order_id = "even";
  EXPECT_THAT(all(filter), ElementsAre(6, 4, 2));
  filter.customer_id = "high";
  EXPECT_THAT(all(filter), ElementsAre(6, 4));
  filter.order_id.reset();
  EXPECT_THAT(all(filter), ElementsAre(6, 5, 4));
}

TEST_P(List, ByTimeFromIncludedToExcluded) {
  fill();
  ports::Filter filter;
  filter.from = start + seconds{2};
  filter.to = start + seconds{5};
  EXPECT_THAT(all(filter), ElementsAre(4, 3, 2));
  filter.customer_id = "low";
  EXPECT_THAT(all(filter), ElementsAre(3, 2));
  filter.state = State::accepted;
  EXPECT_THAT(all(filter), ElementsAre(3, 2));
}

TEST_P(List, ByStateUnderWay) {
  fill();
  claim(store(), id_of(2), start + seconds{9});
  claim(store(), id_of(5), start + seconds{9});
  EXPECT_THAT(all(with(State::sending_sms), 1), ElementsAre(5, 2));
  EXPECT_THAT(all(with(State::accepted)), ElementsAre(6, 4, 3, 1));
  auto narrowed = with(State::accepted);
  narrowed.customer_id = "low";
  EXPECT_THAT(all(narrowed), ElementsAre(3, 1));
}

TEST_P(List, ByEnd) {
  fill();
  for (const int i : {1, 3, 4}) {
    const auto claimed = claim(store(), id_of(i), start + seconds{9});
    const auto sent = record(store(), move(claimed, State::sms_sent, "carrier_accepted"));
    record(store(), move(sent, State::delivered, "receipt:delivered"));
  }
  EXPECT_THAT(all(with(State::delivered)), ElementsAre(4, 3, 1));
  EXPECT_THAT(all(with(State::emailed)), testing::IsEmpty());
}

TEST_P(List, DeadLettersAndOtherRareEnds) {
  for (int i = 1; i <= 4; ++i) {
    auto n = sample_at(i, seconds{i});
    n.state = State::email_due;
    n.reason = "phone_missing";
    insert(store(), {n});
    auto dead = move(n, State::dead, "no_email");
    if (i != 2) record(store(), dead);
  }
  EXPECT_THAT(all(with(State::dead), 1), ElementsAre(4, 3, 1));
  auto filter = with(State::dead);
  filter.to = start + seconds{4};
  EXPECT_THAT(all(filter), ElementsAre(3, 1));
  EXPECT_THAT(all(with(State::bounced)), testing::IsEmpty());
}

TEST_P(List, WhatComesInBetweenTwoPagesDoesNotShiftThem) {
  fill();
  const auto first = query().list({}, 2, "");
  insert(store(), {sample_at(7, seconds{7})});
  const auto second = query().list({}, 2, first->next_cursor);
  EXPECT_EQ(number_of(second->notifications.at(0).id), 4);
}

TEST_P(List, ACursorThatWasNeverGivenIsInvalid) {
  for (const auto* cursor : {"x", "1", "1.", ".1", "1.x", "1.2.3", "1.2 "}) {
    const auto page = query().list({}, 2, cursor);
    ASSERT_FALSE(page) << cursor;
    EXPECT_EQ(page.error().kind, domain::ErrorKind::invalid) << cursor;
  }
}

TEST_P(List, CountsFollowEveryMove) {
  fill();
  const auto claimed = claim(store(), id_of(1), start + seconds{9});
  record(store(), move(claimed, State::sms_sent, "carrier_accepted"));
  const std::map<State, std::int64_t> expected{{State::accepted, 5}, {State::sms_sent, 1}};
  EXPECT_EQ(*query().counts(), expected);
}

TEST_P(List, DetailsOfAnUnknownOneAreNone) {
  const auto found = query().details(id_of(1));
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

}  // namespace
}  // namespace postrider::contract
