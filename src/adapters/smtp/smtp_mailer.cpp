#include "adapters/smtp/smtp_mailer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "adapters/smtp/smtp_answer.hpp"
#include "message/email/mime.hpp"

namespace postrider::adapters::smtp {
namespace {

constexpr std::size_t max_idle = 8;
constexpr long max_idle_seconds = 20;  // servers close idle connections after minutes

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

/// The mail while libcurl reads it.
struct Upload {
  std::string_view unread;
  bool begun = false;
};

std::size_t read_mail(char* to, std::size_t size, std::size_t count, void* user) {
  auto& upload = *static_cast<Upload*>(user);
  upload.begun = true;
  const auto octets = std::min(upload.unread.size(), size * count);
  std::memcpy(to, upload.unread.data(), octets);
  upload.unread.remove_prefix(octets);
  return octets;
}

/// Stores the status of a refusal; libcurl calls it with each line of the server. The last refusal
/// counts, because QUIT comes after it.
std::size_t store_status(char* text, std::size_t size, std::size_t count, void* status) {
  const std::string_view line{text, size * count};
  if (line.starts_with('4') || line.starts_with('5'))
    *static_cast<std::string*>(status) = status_of(line);
  return line.size();
}

}  // namespace

/// A handle of libcurl with the options that are the same for all mails.
class SmtpMailer::Session {
 public:
  explicit Session(const SmtpSettings& settings);
  bool usable() const { return curl_ != nullptr; }
  ports::MailOutcome send(const std::string& from, const std::string& to, std::string_view mime,
                          const std::string& message_id);
  std::string reach();

 private:
  struct Cleanup {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(curl_.get(), option, value);
  }

  std::unique_ptr<CURL, Cleanup> curl_;
};

SmtpMailer::Session::Session(const SmtpSettings& settings) : curl_{curl_easy_init()} {
  if (!curl_) return;
  const std::string local = settings.local_hostname.empty() ? "localhost" : settings.local_hostname;
  const std::string scheme = settings.tls == Tls::implicit ? "smtps://" : "smtp://";
  const std::string url =
      scheme + settings.host + ":" + std::to_string(settings.port) + "/" + local;
  const long use_tls = settings.tls == Tls::none            ? CURLUSESSL_NONE
                       : settings.tls == Tls::opportunistic ? CURLUSESSL_TRY
                                                            : CURLUSESSL_ALL;
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_PROXY, "");  // the environment's proxy is for the web
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, read_mail);
  set(CURLOPT_USE_SSL, use_tls);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings.ca_file.empty()) set(CURLOPT_CAINFO, settings.ca_file.c_str());
  // Opportunistic TLS takes any certificate, because the alternative is no TLS at all.
  const bool verifies = settings.tls != Tls::opportunistic;
  set(CURLOPT_SSL_VERIFYPEER, verifies ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, verifies ? 2L : 0L);
  if (!settings.user.empty()) {
    set(CURLOPT_USERNAME, settings.user.c_str());
    set(CURLOPT_PASSWORD, settings.password.c_str());
  }
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(settings.timeout.count()));
  set(CURLOPT_MAXAGE_CONN, max_idle_seconds);
}

ports::MailOutcome SmtpMailer::Session::send(const std::string& from, const std::string& to,
                                             std::string_view mime, const std::string& message_id) {
  const std::unique_ptr<curl_slist, Cleanup> recipients{
      curl_slist_append(nullptr, ("<" + to + ">").c_str())};
  if (!recipients) return ports::MailFailed{domain::Fault::server, "no_memory"};
  Upload upload{mime};
  set(CURLOPT_MAIL_FROM, ("<" + from + ">").c_str());
  set(CURLOPT_MAIL_RCPT, recipients.get());
  set(CURLOPT_READDATA, &upload);
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mime.size()));
  SmtpEnd end;
  set(CURLOPT_HEADERFUNCTION, store_status);
  set(CURLOPT_HEADERDATA, &end.status);
  end.curl = curl_easy_perform(curl_.get());
  set(CURLOPT_HEADERDATA, static_cast<void*>(nullptr));
  set(CURLOPT_HEADERFUNCTION, static_cast<curl_write_callback>(nullptr));
  long reply = 0;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &reply);
  end.reply = static_cast<int>(reply);
  end.data_sent = upload.begun;
  set(CURLOPT_MAIL_RCPT, static_cast<curl_slist*>(nullptr));
  set(CURLOPT_READDATA, static_cast<void*>(nullptr));
  return outcome_of(end, message_id);
}

/// Connects without a mail. Afterwards the handle can't send mails any more.
std::string SmtpMailer::Session::reach() {
  set(CURLOPT_CONNECT_ONLY, 1L);
  SmtpEnd end;
  end.curl = curl_easy_perform(curl_.get());
  long reply = 0;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &reply);
  end.reply = static_cast<int>(reply);
  return std::visit(
      [](const auto& outcome) -> std::string {
        if constexpr (requires { outcome.code; }) return outcome.code;
        return "";
      },
      outcome_of(end, ""));
}

SmtpMailer::SmtpMailer(SmtpSettings settings, ports::Clock& clock)
    : settings_{std::move(settings)}, clock_{clock} {
  if (!is_host(settings_.host)) throw std::invalid_argument("smtp: not a host name");
  if (settings_.port < 1 || settings_.port > 65535)
    throw std::invalid_argument("smtp: not a port number");
  if (!settings_.local_hostname.empty() && !is_host(settings_.local_hostname))
    throw std::invalid_argument("smtp: not a local host name");
  // Opportunistic TLS does not check who the server is, and an attacker can prevent it.
  if (settings_.tls == Tls::opportunistic && !settings_.user.empty())
    throw std::invalid_argument("smtp: a password needs tls = required");
  start_curl_once();
}

SmtpMailer::~SmtpMailer() = default;

std::unique_ptr<SmtpMailer::Session> SmtpMailer::take() {
  {
    const concurrency::Lock lock{mutex_};
    if (!idle_.empty()) {
      auto session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
  }
  return std::make_unique<Session>(settings_);
}

void SmtpMailer::give_back(std::unique_ptr<Session> session) {
  const concurrency::Lock lock{mutex_};
  if (idle_.size() < max_idle) idle_.push_back(std::move(session));
}

std::string SmtpMailer::reach() const {
  Session session{settings_};
  return session.usable() ? session.reach() : "no_memory";
}

std::vector<ports::MailOutcome> SmtpMailer::send(std::span<const message::Email> batch,
                                                 domain::TimePoint until) {
  std::vector<ports::MailOutcome> outcomes;
  outcomes.reserve(batch.size());
  auto session = take();
  for (const auto& mail : batch) {
    if (clock_.now() > until) {
      outcomes.emplace_back(ports::MailNotBegun{});
      continue;
    }
    const std::string from{address_of(mail.from)};
    if (!message::is_plain_address(mail.to)) {
      outcomes.emplace_back(ports::MailFailed{domain::Fault::recipient, "bad_address"});
      continue;
    }
    const auto mime = message::to_mime(mail, clock_.now());
    if (!mime || !message::is_plain_address(from)) {
      outcomes.emplace_back(ports::MailFailed{domain::Fault::message, "bad_mail"});
      continue;
    }
    if (!session->usable()) {
      outcomes.emplace_back(ports::MailFailed{domain::Fault::server, "no_memory"});
      continue;
    }
    outcomes.push_back(session->send(from, mail.to, *mime, message::message_id_of(mail)));
  }
  if (session->usable()) give_back(std::move(session));
  return outcomes;
}

}  // namespace postrider::adapters::smtp
