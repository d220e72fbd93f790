// A mailer that hands mails to an SMTP server with libcurl, one recipient a mail. Thread-safe: each
// call takes a handle from a pool, and with the handle its open connection, if it has one. For
// shops without a mail server see outbox_mailer.hpp.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
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
  domain::Milliseconds timeout{60'000};  // for each answer but that to a whole mail
  domain::Milliseconds answer_timeout = std::chrono::minutes{10};  // RFC 5321 §4.5.3.2.6
};

class SmtpSession;

class SmtpMailer : public ports::Mailer {
 public:
  /// Throws std::invalid_argument for settings that can't be used: a host, port or name that is
  /// none, or a user without required TLS.
  SmtpMailer(SmtpSettings settings, ports::Clock& clock);
  ~SmtpMailer() override;
  SmtpMailer(const SmtpMailer&) = delete;
  SmtpMailer& operator=(const SmtpMailer&) = delete;

  std::string name() const override { return "smtp"; }
  /// After a failure that is not the mail's own, no further mail of the batch is begun.
  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint until) override {
    return send_or_wait(batch, until, {});
  }
  bool may_wait() const override { return true; }
  std::vector<ports::MailOutcome> send_or_wait(std::span<const message::Email> batch,
                                               domain::TimePoint until,
                                               const Waits& waits) override;
  void stop() override { stopping_ = true; }

  /// The password for connections from now on; idle ones of before are closed.
  void set_password(std::string password) EXCLUDES(mutex_);

  /// What the server says of itself.
  struct Offer {
    std::string problem;  // a code such as "connect_failed", "tls_not_trusted"; empty: none
    bool takes_login = false;
    bool any_address = false;          // SMTPUTF8: also one beyond ASCII
    std::optional<std::int64_t> size;  // the largest mail, in octets (RFC 1870); none: not said
  };
  /// Connects, greets, encrypts and logs in as configured, without a mail. Blocks.
  Offer ask() const;
  /// Its problem alone.
  std::string reach() const { return ask().problem; }

 private:
  std::unique_ptr<SmtpSession> take() EXCLUDES(mutex_);
  std::unique_ptr<SmtpSession> connection() const EXCLUDES(mutex_);
  void give_back(std::unique_ptr<SmtpSession> session) EXCLUDES(mutex_);
  ports::MailOutcome send_one(std::unique_ptr<SmtpSession>& session, const message::Email& mail,
                              const std::function<void()>& each_second);

  ports::Clock& clock_;
  std::atomic<bool> stopping_{false};  // outlives the sessions
  mutable concurrency::Mutex mutex_;
  SmtpSettings settings_ GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<SmtpSession>> idle_ GUARDED_BY(mutex_);
};

}  // namespace postrider::adapters::smtp
