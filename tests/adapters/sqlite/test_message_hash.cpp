#include "adapters/sqlite/database/message_hash.hpp"

#include <gtest/gtest.h>

namespace postrider::adapters::sqlite {
namespace {

// Databases hold these numbers: another function would hide every attempt from its receipt.
TEST(MessageHash, IsTheFnv1aOf32BitsForEver) {
  EXPECT_EQ(message_hash(""), 0x811C9DC5);
  EXPECT_EQ(message_hash("a"), 0xE40C292C);
  EXPECT_EQ(message_hash("foobar"), 0xBF9CF968);
}

}  // namespace
}  // namespace postrider::adapters::sqlite
