#include "adapters/http/server/target.hpp"

#include "adapters/http/api/router.hpp"
#include "adapters/http/api/token_bucket.hpp"

namespace postrider::adapters::http {
namespace {

using std::chrono::milliseconds;
using testing::Optional;

TEST(PercentDecode, DecodesEscapesAndRefusesBrokenOnes) {
  EXPECT_THAT(percent_decode("a%2Fb%20c+d", false), Optional(std::string{"a/b c+d"}));
  EXPECT_THAT(percent_decode("a+b%2B", true), Optional(std::string{"a b+"}));
  EXPECT_THAT(percent_decode("%C3%A9", false), Optional(std::string{"é"}));
  for (const auto* broken : {"%", "%4", "%zz", "a%4", "%00", "%C3", "%FF", "%C0%80", "%ED%A0%80"})
    EXPECT_EQ(percent_decode(broken, false), std::nullopt) << broken;
}

TEST(ParseQuery, ReadsParametersAndRefusesRepeatedOnes) {
  const auto query = parse_query("order_id=A%201&&state=dead&empty");
  ASSERT_TRUE(query);
  EXPECT_EQ(*query->find("order_id"), "A 1");
  EXPECT_EQ(*query->find("state"), "dead");
  EXPECT_EQ(*query->find("empty"), "");
  EXPECT_EQ(query->find("limit"), nullptr);
  EXPECT_FALSE(parse_query("a=1&a=2"));
  EXPECT_FALSE(parse_query("a=%"));
  EXPECT_FALSE(parse_query("a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q"));
}

TEST(MediaOf, ComparesWithoutCaseAndParameters) {
  EXPECT_EQ(media_of("application/json"), Media::json);
  EXPECT_EQ(media_of("Application/JSON; charset=utf-8"), Media::json);
  EXPECT_EQ(media_of("application/x-ndjson "), Media::ndjson);
  EXPECT_EQ(media_of("text/plain"), Media::other);
  EXPECT_EQ(media_of("application/jsonx"), Media::other);
  EXPECT_EQ(media_of(""), Media::none);
}

TEST(TokenBuckets, LetABurstThroughAndThenTheRate) {
  TokenBuckets buckets{2, 3};
  const TokenBuckets::Time start{};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(buckets.take("a", start), 0);
  EXPECT_EQ(buckets.take("a", start), 1);
  EXPECT_EQ(buckets.take("b", start), 0) << "each key has its own";
  EXPECT_EQ(buckets.take("a", start + milliseconds{499}), 1);
  EXPECT_EQ(buckets.take("a", start + milliseconds{501}), 0);
  EXPECT_EQ(buckets.take("a", start + milliseconds{501}), 1);
}

TEST(TokenBuckets, SayHowLongASlowKeyHasToWait) {
  TokenBuckets buckets{0.1, 1};
  const TokenBuckets::Time start{};
  EXPECT_EQ(buckets.take("a", start), 0);
  EXPECT_EQ(buckets.take("a", start), 10);
  EXPECT_EQ(buckets.take("a", start - std::chrono::hours{1}), 10) << "a clock that steps back";
}

TEST(TokenBuckets, AreOffWithARateOfZero) {
  TokenBuckets buckets{0, 1};
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(buckets.take("a", {}), 0);
}

}  // namespace
}  // namespace postrider::adapters::http
