// Every order of arrival of five statuses, with delays, receipts and kills, over each store: what
// the providers' ledgers show must go forwards.
#include <iostream>

#include "contract/orderings/order_world.hpp"

namespace postrider::contract {
namespace {

/// How many orders in how many days, and in which steps of the clock, a home bears within a test.
struct Size {
  int days, orders;
  Milliseconds first_step{500}, later_step{20'000};
};

Size size_for(const std::string& home) {
  if (home == "memory") return {84, 120};  // its look at a chain is a look at all
  if (home == "sqlite") return {12, 840};
  return {2, 120, std::chrono::seconds(10), std::chrono::minutes(1)};  // each call is a request
}

class Orderings : public testing::TestWithParam<HomeKind> {};
POSTRIDER_IN_EVERY_HOME(Orderings);

TEST_P(Orderings, AreToldForwards) {
  const auto size = size_for(GetParam().name);
  int kills = 0;
  std::size_t given = 0;
  for (int day = 0; day < size.days; ++day) {
    const auto home = GetParam().make();
    OrderWorld world{*home,
                     {.orders = size.orders,
                      .seed = static_cast<unsigned>(day + 1),
                      .first_step = size.first_step,
                      .later_step = size.later_step,
                      .in_use_before = day % 2 == 0}};
    world.run();
    ASSERT_EQ(world.faults(), "") << "day " << day;
    kills += world.kills();
    given += world.ledger().size();
  }
  std::cout << size.days * size.orders << " orders, " << given << " messages, " << kills
            << " kills\n";
  EXPECT_GT(kills, 0);
}

}  // namespace
}  // namespace postrider::contract
