#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/delivery/fault.hpp"

namespace postrider::domain {
namespace {

constexpr FaultRow table[]{
    {"RCPT 4* 4.3.*", Fault::server},
    {"RCPT 4*", Fault::passing},
    {"403 Denied", Fault::account},
    {"* * stale", Fault::process},
};

TEST(FaultTable, ComparesWordByWord) {
  EXPECT_EQ(find_fault(table, "RCPT 450 4.3.2"), Fault::server);
  EXPECT_EQ(find_fault(table, "RCPT 450 4.2.1"), Fault::passing);
  EXPECT_EQ(find_fault(table, "RCPT 450"), Fault::passing) << "a word that is not there";
  EXPECT_EQ(find_fault(table, "403 Denied"), Fault::account);
  EXPECT_EQ(find_fault(table, "403 Denied more"), Fault::account) << "words that the row lacks";
  EXPECT_EQ(find_fault(table, "403 DeniedToo"), std::nullopt);
  EXPECT_EQ(find_fault(table, "400 Old stale"), Fault::process);
  EXPECT_EQ(find_fault(table, "MAIL 450 4.3.2"), std::nullopt);
  EXPECT_EQ(find_fault(table, ""), std::nullopt);
}

TEST(FaultEffect, HasANameOfItsOwnForEachFault) {
  for (const auto& effect : fault_effects()) {
    EXPECT_EQ(parse_fault(effect.name), effect.fault);
    EXPECT_EQ(&effect_of(effect.fault), &effect);
    EXPECT_FALSE(effect.whose.empty() || effect.sms.empty() || effect.email.empty());
  }
  EXPECT_EQ(parse_fault("weather"), std::nullopt);
}

TEST(FaultEffect, WhatIsNoFaultOfTheMessageHoldsSomething) {
  for (const auto& effect : fault_effects())
    EXPECT_EQ(effect.hold == Hold::nothing, effect.of_message) << effect.name;
}

}  // namespace
}  // namespace postrider::domain
