// A shop whose live carrier is a real adapter, and what one answer of the carrier cost the message
// and the others.
#pragma once

#include "pipeline/line/local_line_hold.hpp"
#include "pipeline/shop.hpp"

namespace postrider::outages {

/// The cost of one end of a message.
struct Cost {
  domain::State state{};
  int tries = 0;
  bool money_held = false;
  bool line_open = true;
  domain::Milliseconds again{0};  // until the message is due

  friend bool operator==(const Cost&, const Cost&) = default;
};

struct PlayedShop : pipeline::testing::Shop {
  explicit PlayedShop(ports::SmsCarrier& live)
      : played{storage(),
               {live, test_carrier, mailer, test_mailer},
               {queue, clock, telemetry, played_hold},
               pipeline::DeliverySettings{.policy = policy, .sms = sender_settings()}} {
    customer();
  }

  /// Sends one message and tells what that cost.
  Cost cost_of_one() {
    const auto id = accepted(pipeline::testing::event("o1"));
    EXPECT_TRUE(played.due_sms.send_due());
    played.sms.wait_until_ended();
    EXPECT_TRUE(played.sms.flush());
    const auto n = details(id).notification;
    return {n.state, n.sms_tries, n.reserved + n.spent > domain::Money{},
            played.sms.breaker_code().empty(),
            n.due_at ? *n.due_at - clock.now() : domain::Milliseconds{0}};
  }

  pipeline::LocalLineHold played_hold;
  pipeline::DeliveryPipeline played;
};

/// The cost that docs/whose_fault.md promises, but for `again`.
inline Cost promised(domain::Fault fault) {
  using domain::State;
  const auto& effect = domain::effect_of(fault);
  if (fault == domain::Fault::unknown) return {State::unknown, 0, true, true, {}};
  if (fault == domain::Fault::passing) return {State::accepted, 1, false, true, {}};
  if (effect.of_message) return {State::email_due, 1, false, true, {}};
  return {State::accepted, 0, false, effect.hold == domain::Hold::country, {}};
}

inline void expect_cost(Cost cost, domain::Fault fault, const std::string& answer) {
  using namespace std::chrono_literals;
  const auto again = std::exchange(cost.again, {});
  EXPECT_EQ(cost, promised(fault))
      << answer << ": " << domain::name(cost.state) << ", " << cost.tries << " tries, money "
      << cost.money_held << ", open " << cost.line_open;
  const auto hold = domain::effect_of(fault).hold;
  if (hold == domain::Hold::account || hold == domain::Hold::country) {
    EXPECT_EQ(again, domain::CircuitBreaker::account_wait) << answer;
  } else if (hold == domain::Hold::line && fault != domain::Fault::unknown) {
    EXPECT_EQ(again, domain::CircuitBreaker::first_wait) << answer;
  }
}

}  // namespace postrider::outages
