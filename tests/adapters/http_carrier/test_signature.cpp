#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/http_carrier/signature.hpp"

namespace postrider::adapters::http_carrier {
namespace {

// The example of the Standard Webhooks specification and its libraries' tests.
const std::string key = *parse_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
constexpr const char* id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::int64_t at = 1614265330;
constexpr const char* at_text = "1614265330";
constexpr const char* payload = R"({"test": 2432232314})";
constexpr const char* signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

domain::TimePoint seconds(std::int64_t s) { return domain::from_unix_ms(s * 1000); }
bool valid(const SignatureHeaders& headers, std::string_view text = payload,
           domain::TimePoint when = seconds(at)) {
  return verify(std::span{&key, 1}, headers, text, when);
}

TEST(Signature, IsThatOfTheSpecification) { EXPECT_EQ(sign(key, id, at, payload), signature); }

TEST(Signature, IsAcceptedAsSignedAndRefusedWhenAnythingDiffers) {
  EXPECT_TRUE(valid({id, at_text, signature}));
  EXPECT_FALSE(valid({id, at_text, signature}, R"({"test": 2432232315})"));
  EXPECT_FALSE(valid({"msg_other", at_text, signature}));
  EXPECT_FALSE(valid({id, "1614265331", signature}));
  EXPECT_FALSE(valid({id, at_text, "v1,AAAA"}));
  EXPECT_FALSE(valid({id, at_text, std::string{signature}.substr(3)}));
  const std::vector other{*parse_secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")};
  EXPECT_FALSE(verify(other, {id, at_text, signature}, payload, seconds(at)));
  EXPECT_FALSE(verify({}, {id, at_text, signature}, payload, seconds(at)));
}

TEST(Signature, IsRefusedWhenAHeaderIsMissingOrNoNumber) {
  EXPECT_FALSE(valid({"", at_text, signature}));
  EXPECT_FALSE(valid({id, "", signature}));
  EXPECT_FALSE(valid({id, at_text, ""}));
  EXPECT_FALSE(valid({id, "1614265330x", signature}));
  EXPECT_FALSE(valid({id, "99999999999999999999", signature}));
  EXPECT_FALSE(valid({id, "-9223372036854775808", signature}));
}

TEST(Signature, HoldsForFiveMinutesEitherWay) {
  EXPECT_TRUE(valid({id, at_text, signature}, payload, seconds(at + 300)));
  EXPECT_TRUE(valid({id, at_text, signature}, payload, seconds(at - 300)));
  EXPECT_FALSE(valid({id, at_text, signature}, payload, seconds(at + 301)));
  EXPECT_FALSE(valid({id, at_text, signature}, payload, seconds(at - 301)));
}

TEST(Signature, OneOfSeveralIsEnoughWhileASecretIsRotated) {
  std::string several = "v1,AAAA v2,x ";
  several += signature;
  EXPECT_TRUE(valid({id, at_text, several}));
  const std::vector both{*parse_secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), key};
  EXPECT_TRUE(verify(both, {id, at_text, signature}, payload, seconds(at)));
}

TEST(Secret, IsBase64Of24To64OctetsBehindItsPrefix) {
  for (const auto* text : {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=",
                           "whsec_MfKQ9r8G!", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa"})
    EXPECT_FALSE(parse_secret(text)) << text;
  EXPECT_EQ(parse_secret("whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQQ==")->size(), 25U);
}

}  // namespace
}  // namespace postrider::adapters::http_carrier
