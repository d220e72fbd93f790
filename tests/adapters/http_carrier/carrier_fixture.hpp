// The fixture that the tests of the HTTP carrier share: a scripted peer and a carrier that sends to
// it. For one thread.
#pragma once

#include <gtest/gtest.h>

#include "adapters/http_carrier/sms_carrier.hpp"

namespace postrider::adapters::http_carrier {

constexpr auto no_end = domain::TimePoint::max();

class FixedClock : public ports::Clock {
 public:
  domain::TimePoint now() const override { return domain::from_unix_ms(1'700'000'000'000); }
};

inline std::vector<ports::Sms> messages(std::uint32_t count) {
  std::vector<ports::Sms> made(count);
  for (std::uint32_t n = 0; n < count; ++n) {
    made[n].reference.bytes[15] = static_cast<std::uint8_t>(n);
    made[n].reference.bytes[14] = static_cast<std::uint8_t>(n >> 8);
    made[n].attempt_no = 1;
    made[n].to = "+12025550100";
    made[n].sender_id = "Shop";
    made[n].text = "Grüße";
    made[n].segments = 1;
    made[n].validity = std::chrono::minutes{10};
  }
  return made;
}

class HttpCarrierTest : public testing::Test {
 protected:
  HttpCarrierSettings settings(const std::string& url) {
    HttpCarrierSettings made;
    made.url = url;
    made.answer_timeout = std::chrono::seconds{5};
    return made;
  }
  ports::SmsOutcome send_one(HttpSmsCarrier& carrier) {
    auto outcomes = carrier.submit(messages(1), no_end);
    EXPECT_EQ(outcomes.size(), 1U);
    return outcomes.at(0);
  }

  FixedClock clock_;
};

}  // namespace postrider::adapters::http_carrier
