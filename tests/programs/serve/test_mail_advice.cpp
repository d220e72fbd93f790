#include "programs/serve/mail_advice.hpp"

#include <gmock/gmock.h>

namespace postrider::programs {
namespace {

using testing::HasSubstr;
using Offer = adapters::smtp::SmtpMailer::Offer;

settings::Config by_smtp(const std::string& tls, const std::string& user) {
  settings::Config config;
  config.email.mailer = "smtp";
  config.smtp.host = "mail.example";
  config.smtp.tls = tls;
  config.smtp.user = user;
  return config;
}

TEST(MailAdvice, APasswordInTheClearIsSaidBeforeAnythingIsSent) {
  const auto advice = mail_advice(by_smtp("none", "shop"));
  ASSERT_EQ(advice.size(), 1U);
  EXPECT_THAT(advice[0].finding, HasSubstr("in the clear"));
  EXPECT_FALSE(advice[0].fails);
  EXPECT_TRUE(mail_advice(by_smtp("none", "")).empty());
  EXPECT_TRUE(mail_advice(by_smtp("starttls", "shop")).empty());
  EXPECT_TRUE(mail_advice(settings::Config{}).empty()) << "no mail leaves this machine";
}

TEST(MailAdvice, ALoginThatIsNotOfferedFails) {
  const Offer without{};
  const auto encrypted = mail_advice(by_smtp("starttls", "shop"), without);
  ASSERT_EQ(encrypted.size(), 1U);
  EXPECT_TRUE(encrypted[0].fails);
  EXPECT_THAT(encrypted[0].finding, HasSubstr("no login (AUTH), "));
  const auto clear = mail_advice(by_smtp("none", "shop"), without);
  ASSERT_EQ(clear.size(), 2U);
  EXPECT_THAT(clear[1].finding, HasSubstr("before STARTTLS"));
  EXPECT_THAT(clear[1].todo, HasSubstr("starttls"));
  Offer with{};
  with.takes_login = true;
  EXPECT_TRUE(mail_advice(by_smtp("starttls", "shop"), with).empty());
  EXPECT_TRUE(mail_advice(by_smtp("starttls", ""), without).empty());
}

TEST(MailAdvice, ASizeThatAMailMayPassIsWarnedOf) {
  Offer offer{};
  offer.size = 100'000;
  const auto advice = mail_advice(by_smtp("starttls", ""), offer);
  ASSERT_EQ(advice.size(), 1U);
  EXPECT_FALSE(advice[0].fails);
  EXPECT_THAT(advice[0].finding, HasSubstr("100,000 octets (SIZE)"));
  offer.size = 10'000'000;
  EXPECT_TRUE(mail_advice(by_smtp("starttls", ""), offer).empty());
}

TEST(MailAdvice, AServerThatTakesNothingHidesTheRest) {
  Offer offer{};
  offer.problem = "connect_failed";
  const auto advice = mail_advice(by_smtp("starttls", "shop"), offer);
  ASSERT_EQ(advice.size(), 1U);
  EXPECT_TRUE(advice[0].fails);
  EXPECT_THAT(advice[0].finding, HasSubstr("mail.example:587 takes no mail"));
  EXPECT_THAT(advice[0].finding, HasSubstr("connect_failed"));
}

}  // namespace
}  // namespace postrider::programs
