#include "adapters/simulator/simulated_mailer.hpp"

#include <gmock/gmock.h>

#include "doubles/fake_mailer.hpp"
#include "message/email/mime.hpp"
#include "support/faults.hpp"

namespace postrider::adapters::simulator {
namespace {

using ports::MailAccepted;

constexpr auto no_limit = domain::TimePoint::max();

message::Email mail_to(const std::string& to, std::uint8_t reference = 1) {
  message::Email mail;
  mail.reference.bytes[15] = reference;
  mail.to = to;
  return mail;
}

TEST(SimulatedMailer, SimulatedAddressesHaveTheirFates) {
  doubles::FakeMailer behind;
  std::vector<std::string> reports;
  SimulatedMailer mailer{behind, [&reports](const std::string& to) { reports.push_back(to); }};
  const std::vector batch{mail_to("ann@customer.example", 1),
                          mail_to("bounce@simulator.amazonses.com", 2),
                          mail_to("success@simulator.amazonses.com", 3),
                          mail_to("Defer+x@Simulator.Postrider.Test", 4),
                          mail_to("complaint@simulator.postrider.test", 5),
                          mail_to("suppressionlist@simulator.amazonses.com", 6),
                          mail_to("bob@customer.example", 7)};
  const auto outcomes = mailer.send(batch, no_limit);
  ASSERT_EQ(outcomes.size(), batch.size());
  for (const std::size_t i : {0U, 2U, 4U, 6U})
    EXPECT_TRUE(std::holds_alternative<MailAccepted>(outcomes[i])) << i;
  EXPECT_EQ(std::get<ports::MailFailed>(outcomes[1]).code, "simulated_bounce");
  EXPECT_EQ(std::get<ports::MailFailed>(outcomes[3]).code, "simulated_defer");
  EXPECT_EQ(std::get<ports::MailFailed>(outcomes[5]).code, "simulated_suppressed");
  EXPECT_EQ(support::fault_of(outcomes[1]), domain::Fault::no_recipient);
  EXPECT_EQ(support::fault_of(outcomes[5]), domain::Fault::recipient);
  EXPECT_THAT(reports, testing::ElementsAre("complaint@simulator.postrider.test"));
  EXPECT_EQ(behind.sent().size(), 4U);
  EXPECT_TRUE(std::holds_alternative<MailAccepted>(mailer.send({&batch[3], 1}, no_limit).at(0)))
      << "put off once, then taken";
}

TEST(SimulatedAddress, IsOnlyThatOfASimulatorDomain) {
  EXPECT_FALSE(fate_of("bounce@customer.example"));
  EXPECT_FALSE(fate_of("bounce@evil-simulator.amazonses.com"));
  EXPECT_FALSE(fate_of("someone@simulator.amazonses.com"));
  EXPECT_FALSE(fate_of("bounce"));
  EXPECT_EQ(fate_of("bounce+a+b@simulator.amazonses.com"), MailFate::bounce);
}

TEST(MailSink, TakesEveryMail) {
  MailSink sink;
  const std::vector batch{mail_to("ann@customer.example", 1), mail_to("bob@customer.example", 2)};
  const auto outcomes = sink.send(batch, no_limit);
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(std::get<MailAccepted>(outcomes[1]).message_id, message::message_id_of(batch[1]));
}

}  // namespace
}  // namespace postrider::adapters::simulator
