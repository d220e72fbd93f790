// A mailer that hands mails to an SMTP server with libcurl, one recipient a mail. Thread-safe: each
// call takes a handle from a pool, and with the handle its open connection, if it has one. For
// shops without a mail server see outbox_mailer.hpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "concurrency/mutex.hpp"
#include "ports/clock.hpp"
#include "ports/mailer.hpp"

namespace postrider::adapters::smtp {

/// The encryption of the connection.
enum class Tls : std::uint8_t {
  implicit,       // from the first byte (port 465, RFC 8314)
  required,       // STARTTLS, or no mail is sent
  opportunistic,  // STARTTLS where it is offered
  none,
};

struct SmtpSettings {
  std::string host;
  int port = 587;
  std::string user;  // empty: no authentication
  std::string password;
  Tls tls = Tls::required;
  std::string ca_file;         // PEM; empty: the system's authorities
  std::string local_hostname;  // for EHLO; empty: "localhost"
  domain::Milliseconds connect_timeout{10'000};
  domain::Milliseconds timeout{60'000};  // for one mail
};

class SmtpMailer : public ports::Mailer {
 public:
  /// Throws std::invalid_argument for settings that can't be used: a host, port or name that is
  /// none, or a user without required TLS.
  SmtpMailer(SmtpSettings settings, ports::Clock& clock);
  ~SmtpMailer() override;
  SmtpMailer(const SmtpMailer&) = delete;
  SmtpMailer& operator=(const SmtpMailer&) = delete;

  std::string name() const override { return "smtp"; }
  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint until) override;

  /// Connects, greets, encrypts and logs in as configured, without a mail. Returns an empty text,
  /// or the code of what is wrong ("connect_failed", "tls_not_trusted", "auth_failed", …). Blocks.
  std::string reach() const;

 private:
  class Session;
  std::unique_ptr<Session> take() EXCLUDES(mutex_);
  void give_back(std::unique_ptr<Session> session) EXCLUDES(mutex_);

  SmtpSettings settings_;
  ports::Clock& clock_;
  concurrency::Mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_ GUARDED_BY(mutex_);
};

}  // namespace postrider::adapters::smtp
