// The ends of a dialogue, each played by a server: every row of the table, and five kinds of
// hang-up at every stage. What a fault costs is in tests/pipeline/test_mail_faults.cpp.
#include <gmock/gmock.h>

#include <future>
#include <map>

#include "adapters/smtp/mail_fixture.hpp"
#include "adapters/smtp/smtp_answer.hpp"
#include "adapters/smtp/smtp_mailer.hpp"
#include "message/email/mime.hpp"
#include "support/mail/scripted_smtp_server.hpp"

namespace postrider::adapters::smtp {
namespace {

using namespace std::chrono_literals;
using domain::Fault;
using ports::MailAccepted;
using ports::MailFailed;
using ports::MailNotBegun;
using support::ScriptedSmtpServer;
using Act = ScriptedSmtpServer::Act;
using Kind = ScriptedSmtpServer::Kind;

constexpr const char* with_login = "250-AUTH PLAIN\r\n250 SIZE 1000000";
constexpr const char* with_tls = "250-STARTTLS\r\n250 SIZE 1000000";

SmtpSettings settings_for(int port, const std::string& stage = {}) {
  SmtpSettings settings;
  settings.host = "127.0.0.1";
  settings.port = port;
  settings.tls = stage == "STARTTLS" ? Tls::required : Tls::none;
  if (stage == "AUTH") {
    settings.user = "shop";
    settings.password = "secret";
  }
  settings.connect_timeout = 2s;
  settings.timeout = 300ms;
  settings.answer_timeout = 600ms;
  return settings;
}
const char* extensions_for(const std::string& stage) {
  return stage == "STARTTLS" ? with_tls : with_login;
}

/// The outcome of one mail where the server does `act` at `stage`.
ports::MailOutcome played(const std::string& stage, const Act& act) {
  const ScriptedSmtpServer server{
      [&](const std::string& at, int) { return at == stage ? act : Act{}; }, extensions_for(stage)};
  FixedClock fixed;
  SmtpMailer mailer{settings_for(server.port(), stage), fixed};
  const auto mail = mail_to("ann@customer.example");
  return mailer.send({&mail, 1}, no_limit).at(0);
}

std::string fault_of(const ports::MailOutcome& outcome) {
  if (std::holds_alternative<MailAccepted>(outcome)) return "taken";
  if (std::holds_alternative<MailNotBegun>(outcome)) return "not begun";
  return std::string{domain::effect_of(std::get<MailFailed>(outcome).fault).name};
}

/// A reply that the row is the first to fit, at the row's stage or at the given one.
struct Reply {
  std::string stage, text;
};
std::optional<Reply> reply_for(std::string_view row, const std::string& any_stage) {
  std::vector<std::string> words{""};
  for (const char c : row) c == ' ' ? void(words.emplace_back()) : void(words.back() += c);
  words.resize(4);
  const auto& [stage, code, status] = std::tie(words[0], words[1], words[2]);
  if (!code.empty() && !std::isdigit(static_cast<unsigned char>(code[0]))) return std::nullopt;
  if (code.empty()) return std::nullopt;
  std::string text = code == "4*" ? "450" : code == "5*" ? "550" : code;
  if (!status.empty() && status != "*")
    text += " " + (status.ends_with('*') ? status.substr(0, status.size() - 1) + "9" : status);
  if (words[3] == "relay") text += status == "*" ? " Relay access denied" : "";
  return Reply{stage == "*" ? any_stage : stage, text + " of the row"};
}

TEST(SmtpEnds, EachRowOfTheTableIsWhatAServerSays) {
  int replies = 0;
  for (const auto& row : faults())
    for (const std::string any : {"MAIL", "RCPT", "BODY"}) {
      const auto reply = reply_for(row.answer, any);
      if (!reply) continue;
      ++replies;
      EXPECT_EQ(fault_of(played(reply->stage, {Kind::answer, reply->text, {}})),
                domain::effect_of(row.fault).name)
          << row.answer << ": " << reply->text << " at " << reply->stage;
      if (!row.answer.starts_with("* ")) break;
    }
  EXPECT_GT(replies, 60);
}

TEST(SmtpEnds, TheServersOwnTroublesAndARecipientsAreToldApart) {
  const struct {
    const char* stage;
    const char* reply;
    Fault fault;
  } cases[] = {
      {"GREETING", "554 5.3.2 no service", Fault::server},
      {"GREETING", "421 busy", Fault::server},
      {"EHLO", "421 4.3.2 going down", Fault::server},
      {"STARTTLS", "454 4.7.0 TLS not available", Fault::server},
      {"AUTH", "454 4.7.0 temporary", Fault::server},
      {"AUTH", "535 5.7.8 wrong", Fault::account},
      {"MAIL", "452 4.3.1 no room", Fault::server},
      {"MAIL", "451 4.7.1 later", Fault::server},
      {"MAIL", "550 5.7.1 not from you", Fault::sender},
      {"MAIL", "552 5.3.4 too large", Fault::message},
      {"MAIL", "530 5.7.0 log in", Fault::account},
      {"RCPT", "450 4.2.0 greylisted", Fault::passing},
      {"RCPT", "451 4.7.1 greylisted", Fault::passing},
      {"RCPT", "452 4.5.3 too many", Fault::passing},
      {"RCPT", "452 4.2.2 full", Fault::passing},
      {"RCPT", "450 4.4.1 no answer from its host", Fault::passing},
      {"RCPT", "451 4.3.0 mail system", Fault::server},
      {"RCPT", "421 4.7.0 too many", Fault::server},
      {"RCPT", "550 5.1.1 no such user", Fault::no_recipient},
      {"RCPT", "550-5.1.1 no such\r\n550 5.1.1 user", Fault::no_recipient},
      {"RCPT", "550 no such user", Fault::recipient},
      {"RCPT", "550 5.2.1 disabled", Fault::recipient},
      {"RCPT", "554 5.7.1 Relay access denied", Fault::account},
      {"DATA", "451 4.7.1 greylisted", Fault::passing},
      {"DATA", "451 4.3.0 no room", Fault::server},
      {"DATA", "554 5.5.1 no", Fault::message},
      {"BODY", "451 4.3.0 queue file", Fault::server},
      {"BODY", "452 4.3.1 no room", Fault::server},
      {"BODY", "450 4.7.1 greylisted", Fault::passing},
      {"BODY", "554 5.7.1 spam", Fault::message},
      {"BODY", "550 5.7.26 unauthenticated", Fault::sender},
      {"BODY", "421 4.4.2 bye", Fault::server},
  };
  for (const auto& one : cases)
    EXPECT_EQ(fault_of(played(one.stage, {Kind::answer, one.reply, {}})),
              domain::effect_of(one.fault).name)
        << one.stage << " " << one.reply;
}

TEST(SmtpEnds, AnyYesToAWholeMailIsOne) {
  EXPECT_EQ(fault_of(played("BODY", {Kind::answer, "250-2.0.0 kept\r\n250 2.0.0 it", {}})),
            "taken");
  EXPECT_EQ(fault_of(played("BODY", {Kind::answer, "251 kept", {}})), "taken");
}

TEST(SmtpEnds, FiveKindsOfHangUpAtEveryStage) {
  const std::map<std::string, std::string> faults_of{
      {"GREETING", "server"}, {"EHLO", "server"},  {"STARTTLS", "server"},
      {"AUTH", "server"},     {"MAIL", "server"},  {"RCPT", "server"},
      {"DATA", "server"},     {"BODY", "unknown"}, {"QUIT", "taken"}};
  std::vector<std::pair<std::string, std::future<ports::MailOutcome>>> ends;
  for (const auto& [stage, fault] : faults_of)
    for (const auto kind : {Kind::fin, Kind::rst, Kind::silence, Kind::half_a_line, Kind::late}) {
      const auto what = stage + " " + std::to_string(static_cast<int>(kind)) + " " + fault;
      // Later than each limit, also where those are looked at once a second.
      ends.emplace_back(what, std::async(std::launch::async, played, stage, Act{kind, "", 4s}));
    }
  for (auto& [what, outcome] : ends)
    EXPECT_EQ(what, what.substr(0, what.rfind(' ') + 1) + fault_of(outcome.get()));
}

TEST(SmtpEnds, ABrokenMailWithoutItsDotWasNotTaken) {
  // The server hangs up while the mail is on its way: it is larger than what sockets keep.
  FixedClock clock;
  const ScriptedSmtpServer server{[](const std::string& stage, int) {
    return stage == "DATA" ? Act{Kind::answer, "354 go\r\n421 4.3.0 no", {}} : Act{};
  }};
  SmtpMailer mailer{settings_for(server.port()), clock};
  const auto mail = mail_to("ann@customer.example");
  EXPECT_EQ(fault_of(mailer.send({&mail, 1}, no_limit).at(0)), "server")
      << "421 in place of the answer to the mail";
}

TEST(SmtpEnds, NoServerOrNoNameIsTheServersFault) {
  FixedClock clock;
  const auto mail = mail_to("ann@customer.example");
  auto settings = settings_for(9);
  auto none = SmtpMailer{settings, clock}.send({&mail, 1}, no_limit).at(0);
  EXPECT_EQ(std::get<MailFailed>(none).code, "connect_failed");
  EXPECT_EQ(fault_of(none), "server");
  settings.host = "no-such-host.invalid";
  none = SmtpMailer{settings, clock}.send({&mail, 1}, no_limit).at(0);
  EXPECT_EQ(std::get<MailFailed>(none).code, "dns_failed");
  EXPECT_EQ(fault_of(none), "server");
}

class SmtpReuse : public testing::Test {
 protected:
  std::vector<ports::MailOutcome> send(SmtpMailer& mailer, int mails) {
    std::vector<message::Email> batch;
    for (int i = 0; i < mails; ++i)
      batch.push_back(mail_to(std::string(1, static_cast<char>('a' + i)) + "@customer.example",
                              static_cast<std::uint8_t>(i + 1)));
    return mailer.send(batch, no_limit);
  }
  std::vector<std::string> ends(const std::vector<ports::MailOutcome>& outcomes) {
    std::vector<std::string> names;
    for (const auto& outcome : outcomes) names.push_back(fault_of(outcome));
    return names;
  }
  FixedClock clock_;
};

TEST_F(SmtpReuse, AServerThatClosesAfterEachMailCostsNothing) {
  for (const auto* how : {"250 2.0.0 kept\r\n421 4.4.2 one mail a connection", "fin"}) {
    const ScriptedSmtpServer server{[&](const std::string& stage, int before) {
      if (how == std::string{"fin"})
        return stage == "MAIL" && before % 2 == 1 ? Act{Kind::fin, "", {}} : Act{};
      return stage == "BODY" ? Act{Kind::answer, how, {}} : Act{};
    }};
    SmtpMailer mailer{settings_for(server.port()), clock_};
    EXPECT_EQ(ends(send(mailer, 3)), (std::vector<std::string>(3, "taken"))) << how;
    EXPECT_EQ(server.mails().size(), 3U) << how;
  }
}

TEST_F(SmtpReuse, AnAnswerThatComesLateIsNeverTheNextMails) {
  const ScriptedSmtpServer server{[](const std::string& stage, int before) {
    return stage == "BODY" && before == 0 ? Act{Kind::late, "550 5.1.1 no such user", 4s} : Act{};
  }};
  SmtpMailer mailer{settings_for(server.port()), clock_};
  EXPECT_EQ(ends(send(mailer, 2)), (std::vector<std::string>{"unknown", "not begun"}));
  EXPECT_EQ(ends(send(mailer, 2)), (std::vector<std::string>(2, "taken")));
  EXPECT_EQ(server.count("GREETING"), 2) << "the second batch has a connection of its own";
}

TEST_F(SmtpReuse, ARefusalOnAnOldConnectionIsHeardAgainOnANewOne) {
  // A reply too many: the mail behind it would take it for its own.
  const ScriptedSmtpServer server{[](const std::string& stage, int before) {
    return stage == "BODY" && before == 0
               ? Act{Kind::answer, "250 kept\r\n250 stray\r\n550 5.1.1 stray", {}}
               : Act{};
  }};
  SmtpMailer mailer{settings_for(server.port()), clock_};
  EXPECT_EQ(ends(send(mailer, 3)), (std::vector<std::string>(3, "taken")));
  EXPECT_EQ(server.mails().size(), 3U);
}

TEST_F(SmtpReuse, AfterAFailureOfTheServerNoFurtherMailOfTheBatchIsBegun) {
  const ScriptedSmtpServer server{[](const std::string& stage, int before) {
    return stage == "RCPT" && before == 1 ? Act{Kind::answer, "451 4.3.0 no", {}} : Act{};
  }};
  SmtpMailer mailer{settings_for(server.port()), clock_};
  // The second mail is refused on the first one's connection, and then taken on its own.
  EXPECT_EQ(ends(send(mailer, 3)), (std::vector<std::string>(3, "taken")));
  const ScriptedSmtpServer down{[](const std::string& stage, int) {
    return stage == "RCPT" ? Act{Kind::answer, "451 4.3.0 no", {}} : Act{};
  }};
  SmtpMailer second{settings_for(down.port()), clock_};
  EXPECT_EQ(ends(send(second, 3)), (std::vector<std::string>{"server", "not begun", "not begun"}));
  EXPECT_EQ(down.count("RCPT"), 1);
}

TEST_F(SmtpReuse, TheCopiesOfAMailShareTheirMessageId) {
  const ScriptedSmtpServer server{[](const std::string&, int) { return Act{}; }};
  SmtpMailer mailer{settings_for(server.port()), clock_};
  std::vector<std::string> ids;
  for (int attempt = 1; attempt <= 3; ++attempt) {
    auto mail = mail_to("a@customer.example");
    mail.attempt_no = attempt;
    const auto outcome = mailer.send({&mail, 1}, no_limit).at(0);
    ids.push_back(std::get<MailAccepted>(outcome).message_id);
  }
  EXPECT_EQ(ids, (std::vector<std::string>(3, ids[0])));
  for (const auto& mail : server.mails())
    EXPECT_THAT(mail, testing::HasSubstr("Message-ID: <" + ids[0] + ">"));
}

/// A clock whose time is over as soon as a mail is under way.
class LateClock : public ports::Clock {
 public:
  domain::TimePoint now() const override { return domain::from_unix_ms(late ? 2'000 : 1'000); }
  std::atomic<bool> late{false};
};

TEST(SmtpWaits, TheRestOfABatchIsGivenBackWhileOneMailWaits) {
  LateClock clock;
  const ScriptedSmtpServer server{[&](const std::string& stage, int before) {
    if (stage != "BODY" || before != 1) return Act{};
    clock.late = true;
    return Act{Kind::late, "", 3s};
  }};
  auto settings = settings_for(server.port());
  settings.answer_timeout = 10min;
  SmtpMailer mailer{settings, clock};
  const std::vector batch{mail_to("a@c.example", 1), mail_to("b@c.example", 2),
                          mail_to("c@c.example", 3)};
  std::vector<std::size_t> told;
  const auto outcomes = mailer.send_or_wait(
      batch, domain::from_unix_ms(1'500), [&](std::span<const ports::MailOutcome> ended) {
        told.push_back(ended.size());
        EXPECT_TRUE(std::holds_alternative<MailAccepted>(ended[0]));
        EXPECT_EQ(server.mails().size(), 1U) << "the second waits";
      });
  EXPECT_EQ(told, std::vector<std::size_t>{1}) << "once";
  EXPECT_EQ(fault_of(outcomes[1]), "taken") << "later than smtp.timeout";
  EXPECT_EQ(fault_of(outcomes[2]), "not begun");
}

TEST(SmtpWaits, AStopEndsThemWithinSeconds) {
  for (const auto* stage : {"BODY", "RCPT"}) {
    FixedClock clock;
    std::promise<void> reached;
    const ScriptedSmtpServer server{[&](const std::string& at, int) {
      if (at != stage) return Act{};
      reached.set_value();
      return Act{Kind::silence, "", {}};
    }};
    auto settings = settings_for(server.port());
    settings.timeout = settings.answer_timeout = 10min;
    SmtpMailer mailer{settings, clock};
    const std::vector batch{mail_to("a@c.example", 1), mail_to("b@c.example", 2)};
    auto sent = std::async(std::launch::async, [&] { return mailer.send(batch, no_limit); });
    reached.get_future().wait();
    const auto begin = std::chrono::steady_clock::now();
    mailer.stop();
    const auto outcomes = sent.get();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 9s);
    EXPECT_EQ(fault_of(outcomes[0]), stage == std::string{"BODY"} ? "unknown" : "not begun");
    EXPECT_EQ(fault_of(outcomes[1]), "not begun");
    EXPECT_EQ(fault_of(mailer.send(batch, no_limit)[0]), "not begun") << "for good";
  }
}

TEST(SmtpWaits, AGreetingMayTakeLongerThanTheConnection) {
  FixedClock clock;
  const ScriptedSmtpServer server{[](const std::string& stage, int) {
    return stage == "GREETING" ? Act{Kind::late, "", 2500ms} : Act{};
  }};
  auto settings = settings_for(server.port());
  settings.connect_timeout = 1500ms;
  settings.timeout = 10s;
  SmtpMailer mailer{settings, clock};
  const auto mail = mail_to("a@c.example");
  const auto outcome = mailer.send({&mail, 1}, no_limit)[0];
  EXPECT_EQ(fault_of(outcome), "taken") << std::get<MailFailed>(outcome).code;
}

TEST(SmtpWaits, AnIdleConnectionEndsAtOnceWhateverTheServerDoes) {
  FixedClock clock;
  const ScriptedSmtpServer server{[](const std::string& stage, int) {
    return stage == "QUIT" ? Act{Kind::silence, "", {}} : Act{};
  }};
  const auto begin = std::chrono::steady_clock::now();
  {
    SmtpMailer mailer{settings_for(server.port()), clock};
    const auto mail = mail_to("a@c.example");
    EXPECT_EQ(fault_of(mailer.send({&mail, 1}, no_limit)[0]), "taken");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST(SmtpOffer, SaysWhatTheServerTakes) {
  FixedClock clock;
  const auto ask = [&](const char* extensions) {
    const ScriptedSmtpServer server{[](const std::string&, int) { return Act{}; }, extensions};
    return SmtpMailer{settings_for(server.port()), clock}.ask();
  };
  const auto much = ask("250-AUTH PLAIN LOGIN\r\n250-SIZE 10240000\r\n250 SMTPUTF8");
  EXPECT_EQ(much.problem, "");
  EXPECT_TRUE(much.takes_login && much.any_address);
  EXPECT_EQ(much.size, 10'240'000);
  const auto little = ask("250-SIZE\r\n250 8BITMIME");
  EXPECT_FALSE(little.takes_login || little.any_address || little.size);
  EXPECT_FALSE(ask("250 SIZE 0").size) << "no limit (RFC 1870 §4)";
}

}  // namespace
}  // namespace postrider::adapters::smtp
