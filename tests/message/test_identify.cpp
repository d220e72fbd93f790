#include "message/identify.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <functional>
#include <set>

namespace postrider::message {
namespace {

using domain::Mode;
using domain::OrderEvent;

OrderEvent event(std::string order = "A-1", std::string status = "shipped") {
  OrderEvent e;
  e.order_id = std::move(order);
  e.customer_id = "C-1";
  e.status = std::move(status);
  return e;
}

TEST(Identify, TheIdIsAUuidOfVersion5ThatNeverChanges) {
  const auto id = identify("shop", Mode::live, event());
  EXPECT_EQ(id.bytes[6] >> 4, 5);
  EXPECT_EQ(id.bytes[8] >> 6, 2);
  // A change of this text would make every shop's repeats new messages after an update.
  EXPECT_EQ(to_string(id), "d373af3a-22ee-5f4a-8555-f2cbd46ff4eb");
}

TEST(Identify, AParcelJoinsTheIdAndTheFingerprint) {
  auto first = event(), second = event();
  first.parcel = "1";
  second.parcel = "2";
  const std::set ids{identify("shop", Mode::live, event()), identify("shop", Mode::live, first),
                     identify("shop", Mode::live, second)};
  EXPECT_EQ(ids.size(), 3U);
  const std::set prints{fingerprint(event()), fingerprint(first), fingerprint(second)};
  EXPECT_EQ(prints.size(), 3U);
  // As it was before there were parcels: stored fingerprints are compared with new ones.
  EXPECT_EQ(to_string(fingerprint(event())), "ea54d872-be32-55d0-b0e9-5828b5819f3e");
  first.dedupe_key = second.dedupe_key = "key";
  EXPECT_EQ(identify("shop", Mode::live, first), identify("shop", Mode::live, second));
}

TEST(Identify, OtherSpellingsAreTheIdentitiesOfTheEventInThem) {
  const auto other = event("A-1", "canceled");
  const auto identities = other_spellings("shop", Mode::live, event("A-1", "cancelled"));
  ASSERT_EQ(identities.size(), 1U);
  EXPECT_EQ(identities[0].id, identify("shop", Mode::live, other));
  EXPECT_EQ(identities[0].fingerprint, fingerprint(other));
  EXPECT_TRUE(other_spellings("shop", Mode::live, event()).empty());
}

TEST(Identify, OnlyShopModeAndKeyCount) {
  const auto id = identify("shop", Mode::live, event());
  auto same = event();
  same.customer_id = "other";
  same.locale = "de";
  EXPECT_EQ(identify("shop", Mode::live, same), id);
  EXPECT_NE(identify("shop2", Mode::live, event()), id);
  EXPECT_NE(identify("shop", Mode::test, event()), id);
  EXPECT_NE(identify("shop", Mode::live, event("A-2")), id);
  EXPECT_NE(identify("shop", Mode::live, event("A-1", "delivered")), id);
}

TEST(Identify, AKeyReplacesOrderAndStatus) {
  auto first = event(), second = event("B-2", "delivered");
  first.dedupe_key = second.dedupe_key = "parcel-1";
  EXPECT_EQ(identify("shop", Mode::live, first), identify("shop", Mode::live, second));
  second.dedupe_key = "parcel-2";
  EXPECT_NE(identify("shop", Mode::live, first), identify("shop", Mode::live, second));
}

RC_GTEST_PROP(IdentifyProperties, FieldsNeverRunIntoEachOther,
              (const std::string& a, const std::string& b, const std::string& c,
               const std::string& d)) {
  const bool same = a == c && b == d;
  const auto one = identify("s", Mode::live, event(a, b));
  RC_ASSERT((one == identify("s", Mode::live, event(c, d))) == same);
  if (!b.empty()) {
    const auto shifted = event(a + b.substr(0, 1), b.substr(1));
    RC_ASSERT(one != identify("s", Mode::live, shifted));
  }
  auto keyed = event(a, b);
  keyed.dedupe_key = a + b;
  RC_ASSERT(one != identify("s", Mode::live, keyed));
}

TEST(Fingerprint, EveryFieldCounts) {
  auto base = event();
  base.data = {{"a", "1"}, {"b", "2"}};
  base.contact.emplace();
  const std::vector<std::function<void(OrderEvent&)>> changes{
      [](auto&) {},
      [](auto& e) { e.order_id = "x"; },
      [](auto& e) { e.customer_id = "x"; },
      [](auto& e) { e.status = "x"; },
      [](auto& e) { e.dedupe_key = "x"; },
      [](auto& e) { e.dedupe_key = ""; },
      [](auto& e) { e.occurred_at = domain::from_unix_ms(0); },
      [](auto& e) { e.tracking_url = "x"; },
      [](auto& e) { e.locale = "x"; },
      [](auto& e) { e.data[0].second = "x"; },
      [](auto& e) { e.data[0].first = "x"; },
      [](auto& e) { e.data.pop_back(); },
      [](auto& e) { e.contact.reset(); },
      [](auto& e) { e.contact->phone = "x"; },
      [](auto& e) { e.contact->email = "x"; },
      [](auto& e) { e.contact->locale = "x"; },
      [](auto& e) { e.contact->time_zone = "x"; },
      [](auto& e) { e.contact->region = "x"; }};
  std::set<domain::NotificationId> seen;
  for (const auto& change : changes) {
    auto e = base;
    change(e);
    seen.insert(fingerprint(e));
  }
  EXPECT_EQ(seen.size(), changes.size());
}

TEST(Fingerprint, ARepeatWithItsKeysInAnotherOrderIsARepeat) {
  auto a = event(), b = event();
  a.data = {{"x", "1"}, {"y", "2"}};
  b.data = {{"y", "2"}, {"x", "1"}};
  EXPECT_EQ(fingerprint(a), fingerprint(b));
  b.data = {{"y", "1"}, {"x", "2"}};
  EXPECT_NE(fingerprint(a), fingerprint(b));
}

}  // namespace
}  // namespace postrider::message
