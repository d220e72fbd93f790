#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "adapters/smtp/mail_fixture.hpp"
#include "adapters/smtp/smtp_answer.hpp"
#include "adapters/smtp/smtp_mailer.hpp"
#include "message/email/mime.hpp"

namespace postrider::adapters::smtp {
namespace {

using ports::MailAccepted;
using ports::MailFailed;
using testing::HasSubstr;
using testing::Not;

class SmtpMailerTest : public testing::Test {
 protected:
  SmtpServer& start(std::vector<std::string> arguments) {
    server_.emplace(std::move(arguments));
    EXPECT_NE(server_->port(), 0) << "the SMTP server did not start";
    return *server_;
  }
  SmtpServer& start(const std::string& mode) { return start({"--mode", mode}); }

  SmtpSettings settings(Tls tls = Tls::none) const {
    SmtpSettings made;
    made.host = "localhost";
    made.port = server_->port();
    made.tls = tls;
    made.local_hostname = "shop.example";
    made.timeout = std::chrono::seconds{10};
    return made;
  }
  ports::MailOutcome send(const SmtpSettings& with, const message::Email& mail) {
    SmtpMailer mailer{with, clock_};
    return mailer.send({&mail, 1}, no_limit).at(0);
  }
  ports::MailOutcome send() { return send(settings(), mail_to("ann@customer.example")); }

  /// Certificate and key for "localhost", made for this run.
  std::vector<std::string> certificate() {
    const auto cert = (keys_.path() / "cert.pem").string();
    const auto key = (keys_.path() / "key.pem").string();
    const std::string make =
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
        " -addext subjectAltName=DNS:localhost -keyout " +
        key + " -out " + cert + " 2>/dev/null";
    EXPECT_EQ(std::system(make.c_str()), 0);
    return {"--cert", cert, "--key", key, "--require-starttls"};
  }
  std::string ca() const { return (keys_.path() / "cert.pem").string(); }

  FixedClock clock_;
  Folder keys_;
  std::optional<SmtpServer> server_;
};

TEST_F(SmtpMailerTest, AMailArrivesWithItsEnvelopeAndHeaders) {
  auto& server = start("accept");
  const auto mail = mail_to("ann@customer.example");
  const auto outcome = send(settings(), mail);
  EXPECT_EQ(std::get<MailAccepted>(outcome).message_id, message::message_id_of(mail));
  ASSERT_EQ(server.mails().size(), 1U);
  EXPECT_THAT(server.envelope(0), HasSubstr(R"("from": "orders@shop.example")"));
  EXPECT_THAT(server.envelope(0), HasSubstr(R"("to": ["ann@customer.example"])"));
  EXPECT_THAT(server.envelope(0), HasSubstr(R"("helo": "shop.example")"));
  const std::string text = server.mail(0);
  EXPECT_EQ(text, *message::to_mime(mail, clock_.now())) << "not one octet may change on the way";
  EXPECT_THAT(text, HasSubstr("To: ann@customer.example\r\n"));
  EXPECT_THAT(text, HasSubstr("Message-ID: <" + message::message_id_of(mail) + ">\r\n"));
  EXPECT_THAT(text, HasSubstr("List-Unsubscribe: <https://shop.example/u>\r\n"));
}

TEST_F(SmtpMailerTest, EveryEndOfTheDialogueHasItsOutcome) {
  const auto end = [this](const char* mode) {
    start(mode);
    const auto outcome = send();
    const auto* failed = std::get_if<MailFailed>(&outcome);
    return failed == nullptr
               ? "taken"
               : std::string{domain::effect_of(failed->fault).name} + " " + failed->code;
  };
  EXPECT_EQ(end("rcpt-5xx"), "no_recipient smtp_550");
  EXPECT_EQ(end("rcpt-5xx-telling"), "no_recipient smtp_550");
  EXPECT_EQ(end("data-5xx"), "message smtp_554") << "5.7.1 is about the mail";
  EXPECT_EQ(end("rcpt-4xx"), "passing smtp_450");
  EXPECT_EQ(end("data-4xx"), "server smtp_451") << "4.3.0";
  EXPECT_EQ(end("mail-530"), "account smtp_530");
  EXPECT_EQ(end("drop-after-data"), "unknown dropped");
  EXPECT_EQ(end("drop-at-rcpt"), "server dropped");
  EXPECT_EQ(end("greeting-5xx"), "server smtp_554");
}

TEST(SmtpStatus, StandsBehindTheReplyCode) {
  EXPECT_EQ(status_of("550 5.1.1 No such user\r\n"), "5.1.1");
  EXPECT_EQ(status_of("556-5.1.10 takes no mail\r\n"), "5.1.10");
  EXPECT_EQ(status_of("550 no such user\r\n"), "");
  EXPECT_EQ(status_of("550 1.2 is not one"), "");
  EXPECT_EQ(status_of("55"), "");
  EXPECT_EQ(status_of(""), "");
}

TEST_F(SmtpMailerTest, AServerThatHangsIsGivenUpAfterTheTimeout) {
  start("hang-at-rcpt");
  auto hurried = settings();
  hurried.timeout = std::chrono::milliseconds{300};
  EXPECT_EQ(std::get<MailFailed>(send(hurried, mail_to("a@customer.example"))).code, "timeout");
}

TEST_F(SmtpMailerTest, NoServerMeansUnreachable) {
  start("accept");
  auto closed = settings();
  server_.reset();
  EXPECT_EQ(std::get<MailFailed>(send(closed, mail_to("a@customer.example"))).code,
            "connect_failed");
}

TEST_F(SmtpMailerTest, OneRefusedRecipientDoesNotSpoilTheRestOfTheBatch) {
  auto& server = start("rcpt-5xx-once");
  SmtpMailer mailer{settings(), clock_};
  const std::vector batch{mail_to("a@customer.example", 1), mail_to("b@customer.example", 2),
                          mail_to("not an address", 3), mail_to("c@customer.example", 4)};
  const auto outcomes = mailer.send(batch, no_limit);
  EXPECT_EQ(std::get<MailFailed>(outcomes[0]).fault, domain::Fault::no_recipient);
  EXPECT_TRUE(std::holds_alternative<MailAccepted>(outcomes[1]));
  EXPECT_EQ(std::get<MailFailed>(outcomes[2]).code, "bad_address");
  EXPECT_TRUE(std::holds_alternative<MailAccepted>(outcomes[3]));
  EXPECT_EQ(server.mails().size(), 2U);
}

TEST_F(SmtpMailerTest, ABatchGoesOverOneConnectionAndThreadsHaveTheirOwn) {
  auto& server = start("accept");
  SmtpMailer mailer{settings(), clock_};
  std::vector<std::thread> threads;
  for (std::uint8_t t = 0; t < 4; ++t)
    threads.emplace_back([&mailer, t] {
      std::vector<message::Email> batch;
      for (std::uint8_t i = 0; i < 10; ++i)
        batch.push_back(mail_to("a@customer.example", static_cast<std::uint8_t>(10 * t + i)));
      for (const auto& outcome : mailer.send(batch, no_limit))
        EXPECT_TRUE(std::holds_alternative<MailAccepted>(outcome));
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(server.mails().size(), 40U);
  std::set<std::string> peers;
  for (std::size_t i = 0; i < 40; ++i) {
    const auto envelope = server.envelope(i);
    peers.insert(envelope.substr(envelope.find("\"peer\"")));
  }
  EXPECT_LE(peers.size(), 4U);
}

TEST_F(SmtpMailerTest, GoesByTlsToAServerThatIsTrusted) {
  auto& server = start(certificate());
  auto tls = settings(Tls::required);
  tls.ca_file = ca();
  EXPECT_TRUE(std::holds_alternative<MailAccepted>(send(tls, mail_to("a@customer.example"))));
  EXPECT_THAT(server.envelope(0), HasSubstr("\"tls\": true"));
}

TEST_F(SmtpMailerTest, AServerThatNobodyVouchesForGetsNoMail) {
  auto& server = start(certificate());
  EXPECT_EQ(std::get<MailFailed>(send(settings(Tls::required), mail_to("a@customer.example"))).code,
            "tls_not_trusted");
  EXPECT_TRUE(server.mails().empty());
}

TEST_F(SmtpMailerTest, WhereTlsIsRequiredNothingGoesInTheClear) {
  auto& server = start("accept");
  EXPECT_EQ(std::get<MailFailed>(send(settings(Tls::required), mail_to("a@customer.example"))).code,
            "tls_not_offered");
  EXPECT_TRUE(server.mails().empty());
}

TEST_F(SmtpMailerTest, OpportunisticTlsTakesWhatThereIs) {
  start("accept");
  EXPECT_TRUE(std::holds_alternative<MailAccepted>(
      send(settings(Tls::opportunistic), mail_to("a@customer.example"))));
  auto& server = start(certificate());
  EXPECT_TRUE(std::holds_alternative<MailAccepted>(
      send(settings(Tls::opportunistic), mail_to("a@customer.example"))));
  EXPECT_THAT(server.envelope(0), HasSubstr("\"tls\": true"));
}

TEST_F(SmtpMailerTest, AWrongPasswordIsOurProblemNotTheMails) {
  auto& server = start({"--user", "shop", "--password", "right"});
  auto login = settings();
  login.user = "shop";
  login.password = "wrong";
  EXPECT_EQ(std::get<MailFailed>(send(login, mail_to("a@customer.example"))).code, "auth_failed");
  login.password = "right";
  EXPECT_TRUE(std::holds_alternative<MailAccepted>(send(login, mail_to("a@customer.example"))));
  EXPECT_THAT(server.envelope(0), HasSubstr("\"user\": \"shop\""));
}

TEST_F(SmtpMailerTest, ANewPasswordCountsForTheNextMail) {
  start({"--user", "shop", "--password", "right"});
  auto login = settings();
  login.user = "shop";
  login.password = "wrong";
  SmtpMailer mailer{login, clock_};
  const auto mail = mail_to("a@customer.example");
  const auto send_now = [&] { return mailer.send({&mail, 1}, domain::TimePoint::max()).front(); };
  EXPECT_TRUE(std::holds_alternative<MailFailed>(send_now()));
  mailer.set_password("right");
  EXPECT_TRUE(std::holds_alternative<MailAccepted>(send_now()));
  mailer.set_password("wrong");
  EXPECT_TRUE(std::holds_alternative<MailFailed>(send_now())) << "no idle connection of before";
}

TEST_F(SmtpMailerTest, SaysWithoutAMailWhetherTheServerTakesUs) {
  auto& server = start({"--user", "shop", "--password", "right"});
  auto login = settings();
  login.user = "shop";
  login.password = "wrong";
  EXPECT_EQ(SmtpMailer(login, clock_).reach(), "auth_failed");
  login.password = "right";
  EXPECT_EQ(SmtpMailer(login, clock_).reach(), "");
  auto tls = login;
  tls.tls = Tls::required;
  EXPECT_EQ(SmtpMailer(tls, clock_).reach(), "tls_not_offered");
  login.port = 9;
  EXPECT_EQ(SmtpMailer(login, clock_).reach(), "connect_failed");
  EXPECT_TRUE(server.mails().empty());
}

TEST_F(SmtpMailerTest, SettingsThatCannotWorkAreRefusedAtTheStart) {
  start("accept");
  auto bad = settings();
  bad.host = "mail.example/evil";
  EXPECT_THROW((SmtpMailer{bad, clock_}), std::invalid_argument);
  bad = settings();
  bad.local_hostname = "x\r\nMAIL FROM:<a@b>";
  EXPECT_THROW((SmtpMailer{bad, clock_}), std::invalid_argument);
  bad = settings(Tls::opportunistic);
  bad.user = "shop";
  EXPECT_THROW((SmtpMailer{bad, clock_}), std::invalid_argument)
      << "a password must not go to whoever answers";
}

}  // namespace
}  // namespace postrider::adapters::smtp
