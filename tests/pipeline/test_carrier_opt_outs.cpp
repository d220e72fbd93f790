#include "pipeline/carrier_opt_outs.hpp"

#include <gmock/gmock.h>

#include "pipeline/shop.hpp"

namespace postrider::pipeline {
namespace {

using pipeline::testing::Shop;
using ::testing::ElementsAre;

/// A list of three pages, of which the last can fail.
struct Carrier {
  domain::Result<ports::OptOutPage> page(const std::string& cursor) {
    asked.push_back(cursor);
    if (cursor.empty()) return ports::OptOutPage{{"+4915112345678", "+4915112345679"}, "2"};
    if (cursor == "2") return ports::OptOutPage{{}, "3"};
    if (down) return domain::Error{domain::ErrorKind::unavailable, "down"};
    return ports::OptOutPage{{"+4915112345680"}, ""};
  }
  ports::CarrierOptOuts pages() {
    return [this](const std::string& cursor) { return page(cursor); };
  }
  bool down = false;
  std::vector<std::string> asked;
};

TEST(CarrierOptOuts, AllPagesAreImportedOnce) {
  Shop shop;
  Carrier carrier;
  const auto first = import_carrier_opt_outs(carrier.pages(), shop.customers, shop.clock);
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, 3);
  EXPECT_THAT(carrier.asked, ElementsAre("", "2", "3"));
  const std::vector<std::string> numbers{"+4915112345678", "+4915112345680", "+4915112345681"};
  EXPECT_THAT(*shop.customers.opted_out(numbers), ElementsAre(true, true, false));
  EXPECT_EQ(*import_carrier_opt_outs(carrier.pages(), shop.customers, shop.clock), 0) << "known";
}

TEST(CarrierOptOuts, OursStayAsTheyWere) {
  Shop shop;
  Carrier carrier;
  const ports::OptOut ours{"+4915112345678", "operator", shop.clock.now()};
  ASSERT_TRUE(shop.customers.opt_out({&ours, 1}));
  EXPECT_EQ(*import_carrier_opt_outs(carrier.pages(), shop.customers, shop.clock), 2);
  EXPECT_EQ(shop.customers.list_opt_outs(1, "")->front().source, "operator");
}

TEST(CarrierOptOuts, PagesBeforeAnErrorAreKept) {
  Shop shop;
  Carrier carrier;
  carrier.down = true;
  EXPECT_FALSE(import_carrier_opt_outs(carrier.pages(), shop.customers, shop.clock));
  const std::vector<std::string> numbers{"+4915112345679"};
  EXPECT_THAT(*shop.customers.opted_out(numbers), ElementsAre(true));
}

}  // namespace
}  // namespace postrider::pipeline
