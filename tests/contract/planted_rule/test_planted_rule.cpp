// A claim rule that is changed in one place changes every store: this program is linked with one
// more rule than the domain has (planted_claim_rules.cpp).
#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

class PlantedRule : public Contract {
 protected:
  /// One as usual, and one that only the planted rule stops.
  std::vector<domain::NotificationId> insert_both(State state) {
    std::vector<Notification> both{sample(1), sample(2)};
    both[1].order_id = "planted";
    for (auto& n : both) {
      n.state = state;
      if (state == State::email_due) n.reason = "phone_missing";
      n.content.email = "buyer@example.org";
    }
    insert(store(), both);
    return {id_of(1), id_of(2)};
  }
  void expect_only_the_second_is_stopped(
      const domain::Result<std::vector<ports::ClaimOutcome>>& outcomes) {
    ASSERT_TRUE(outcomes);
    EXPECT_TRUE(std::holds_alternative<ports::Claimed>((*outcomes)[0]));
    const auto* out = std::get_if<ports::RuledOut>(&(*outcomes)[1]);
    ASSERT_NE(out, nullptr);
    EXPECT_EQ(out->reason, domain::Reason::too_dear);
    EXPECT_EQ(load(store(), id_of(2)).version, 0) << "it was touched";
  }
};
POSTRIDER_IN_EVERY_HOME(PlantedRule);

TEST_P(PlantedRule, StopsAnSms) {
  const auto ids = insert_both(State::accepted);
  expect_only_the_second_is_stopped(store().claim_sms(ids, terms()));
}

TEST_P(PlantedRule, StopsAnEmail) {
  const auto ids = insert_both(State::email_due);
  expect_only_the_second_is_stopped(store().claim_email(ids, terms()));
}

TEST_P(PlantedRule, StopsNoMoneyOfOthers) {
  const auto ids = insert_both(State::accepted);
  ASSERT_TRUE(store().claim_sms(ids, terms()));
  const auto budget = home_->allowance(0)->budget(202611);
  ASSERT_TRUE(budget);
  EXPECT_EQ(budget->reserved, sample(1).estimate) << "only that of the one that was claimed";
}

}  // namespace
}  // namespace postrider::contract
