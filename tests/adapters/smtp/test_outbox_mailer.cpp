#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/smtp/mail_fixture.hpp"
#include "adapters/smtp/outbox_mailer.hpp"
#include "message/email/mime.hpp"

namespace postrider::adapters::smtp {
namespace {

using ports::MailAccepted;

class OutboxTest : public testing::Test {
 protected:
  std::string outbox() const { return (folder_.path() / "outbox").string(); }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator{outbox()}) count += entry.exists() ? 1 : 0;
    return count;
  }
  FixedClock clock_;
  Folder folder_;
};

TEST_F(OutboxTest, EachMailIsAFileNamedByItsMessageId) {
  OutboxMailer mailer{outbox(), clock_};
  const std::vector batch{mail_to("a@customer.example", 1), mail_to("b@customer.example", 2)};
  const auto outcomes = mailer.send(batch, no_limit);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto id = message::message_id_of(batch[i]);
    EXPECT_EQ(std::get<MailAccepted>(outcomes[i]).message_id, id);
    EXPECT_EQ(read_file(fs::path{outbox()} / (id + ".eml")),
              *message::to_mime(batch[i], clock_.now()));
  }
  EXPECT_EQ(files(), 2U) << "no scratch file stays";
}

TEST_F(OutboxTest, TheSameMailAgainReplacesItsFile) {
  OutboxMailer mailer{outbox(), clock_};
  const auto mail = mail_to("a@customer.example");
  (void)mailer.send({&mail, 1}, no_limit);
  EXPECT_TRUE(std::holds_alternative<MailAccepted>(mailer.send({&mail, 1}, no_limit).at(0)));
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutboxTest, AFailedWriteUsesNoTry) {
  OutboxMailer mailer{outbox(), clock_};
  fs::remove_all(outbox());
  const auto mail = mail_to("a@customer.example");
  EXPECT_EQ(std::get<ports::MailFailed>(mailer.send({&mail, 1}, no_limit).at(0)).code,
            "outbox_not_written");
  std::ofstream{outbox()} << "a file where the folder should be";
  EXPECT_THROW((OutboxMailer{outbox(), clock_}), std::runtime_error);
}

TEST_F(OutboxTest, ABadAddressIsRefusedForGood) {
  OutboxMailer mailer{outbox(), clock_};
  const auto mail = mail_to("a@customer.example\r\nBcc: b@other.example");
  EXPECT_EQ(std::get<ports::MailFailed>(mailer.send({&mail, 1}, no_limit).at(0)).code,
            "bad_address");
  EXPECT_EQ(files(), 0U);
}

}  // namespace
}  // namespace postrider::adapters::smtp
