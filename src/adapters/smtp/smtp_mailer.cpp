#include "adapters/smtp/smtp_mailer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "adapters/smtp/smtp_answer.hpp"
#include "adapters/smtp/smtp_session.hpp"
#include "message/email/mime.hpp"
#include "message/text/ascii.hpp"

namespace postrider::adapters::smtp {
namespace {

constexpr std::size_t max_idle = 8;

void start_curl_once() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw std::runtime_error("libcurl does not start");
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
  });
}

/// The address of a mailbox: "Shop <orders@example.com>" → "orders@example.com".
std::string_view address_of(std::string_view mailbox) {
  const auto open = mailbox.rfind('<');
  const auto close = mailbox.rfind('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return mailbox;
  return mailbox.substr(open + 1, close - open - 1);
}

/// True for a failure after which the next mail would most likely fail too.
bool ends_batch(const ports::MailOutcome& outcome) {
  const auto* failed = std::get_if<ports::MailFailed>(&outcome);
  return std::holds_alternative<ports::MailNotBegun>(outcome) ||
         (failed != nullptr && !domain::effect_of(failed->fault).of_message);
}

}  // namespace

SmtpMailer::SmtpMailer(SmtpSettings settings, ports::Clock& clock)
    : clock_{clock}, settings_{std::move(settings)} {
  const SmtpSettings& given = settings_;
  if (!is_host(given.host)) throw std::invalid_argument("smtp: not a host name");
  if (given.port < 1 || given.port > 65535) throw std::invalid_argument("smtp: not a port number");
  if (!given.local_hostname.empty() && !is_host(given.local_hostname))
    throw std::invalid_argument("smtp: not a local host name");
  // Opportunistic TLS does not check who the server is, and an attacker can prevent it.
  if (given.tls == Tls::opportunistic && !given.user.empty())
    throw std::invalid_argument("smtp: a password needs tls = required");
  start_curl_once();
}

SmtpMailer::~SmtpMailer() = default;

/// An idle session that nothing has come to, or a new one.
std::unique_ptr<SmtpSession> SmtpMailer::take() {
  while (true) {
    std::unique_ptr<SmtpSession> session;
    {
      const concurrency::Lock lock{mutex_};
      if (idle_.empty()) break;
      session = std::move(idle_.back());
      idle_.pop_back();
    }
    if (session->is_quiet()) return session;
  }
  return connection();
}

std::unique_ptr<SmtpSession> SmtpMailer::connection() const {
  const concurrency::Lock lock{mutex_};
  return std::make_unique<SmtpSession>(settings_, stopping_);
}

void SmtpMailer::set_password(std::string password) {
  const concurrency::Lock lock{mutex_};
  if (settings_.password == password) return;
  settings_.password = std::move(password);
  idle_.clear();
}

void SmtpMailer::give_back(std::unique_ptr<SmtpSession> session) {
  const concurrency::Lock lock{mutex_};
  if (idle_.size() < max_idle) idle_.push_back(std::move(session));
}

SmtpMailer::Offer SmtpMailer::ask() const {
  const auto session = connection();
  Offer offer;
  if (!session->usable()) {
    offer.problem = "no_memory";
    return offer;
  }
  if (const auto end = session->reach(); !end.taken) offer.problem = outcome_of(end.how).code;
  for (const auto& extension : session->extensions()) {
    const auto words = message::lower(extension);
    const auto word = words.substr(0, words.find(' '));
    if (word == "auth") offer.takes_login = true;
    if (word == "smtputf8") offer.any_address = true;
    std::int64_t size = 0;
    const auto* const digits = words.data() + std::min(words.size(), word.size() + 1);
    if (word == "size" &&
        std::from_chars(digits, words.data() + words.size(), size).ec == std::errc{} && size > 0)
      offer.size = size;
  }
  return offer;
}

/// `session` is null afterwards where it must not be used again.
ports::MailOutcome SmtpMailer::send_one(std::unique_ptr<SmtpSession>& session,
                                        const message::Email& mail,
                                        const std::function<void()>& each_second) {
  using domain::Fault;
  const std::string from{address_of(mail.from)};
  if (!message::is_plain_address(mail.to))
    return ports::MailFailed{Fault::recipient, "bad_address"};
  const auto mime = message::to_mime(mail, clock_.now());
  if (!mime || !message::is_plain_address(from))
    return ports::MailFailed{Fault::message, "bad_mail"};
  // What an idle connection says may be old: it never decides before the mail went out.
  for (bool again = true;; again = false) {
    if (!session || !session->is_quiet()) session = again ? take() : connection();
    if (!session->usable()) {
      session.reset();
      return ports::MailFailed{Fault::server, "no_memory"};
    }
    const auto end = session->send({from, mail.to, *mime}, each_second);
    if (!end.in_order) session.reset();
    if (end.taken) return ports::MailAccepted{message::message_id_of(mail)};
    if (end.stopped) return ports::MailNotBegun{};
    if (!again || !end.reused || !end.sent_no_mail()) return outcome_of(end.how);
  }
}

std::vector<ports::MailOutcome> SmtpMailer::send_or_wait(std::span<const message::Email> batch,
                                                         domain::TimePoint until,
                                                         const Waits& waits) {
  std::vector<ports::MailOutcome> outcomes;
  outcomes.reserve(batch.size());
  bool told = false;
  const auto each_second = [&] {
    if (told || !waits || clock_.now() <= until) return;
    told = true;
    waits(outcomes);
  };
  std::unique_ptr<SmtpSession> session;
  for (const auto& mail : batch) {
    if (told || stopping_ || clock_.now() > until) break;
    auto outcome = send_one(session, mail, each_second);
    const bool last = ends_batch(outcome);
    outcomes.push_back(std::move(outcome));
    if (last) break;
  }
  outcomes.resize(batch.size(), ports::MailNotBegun{});
  if (session) give_back(std::move(session));
  return outcomes;
}

}  // namespace postrider::adapters::smtp
