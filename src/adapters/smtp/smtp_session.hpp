// A connection to an SMTP server over libcurl: one exchange at a time, each with its end. What a
// stage of the dialogue may take is limited here, the answer to a whole mail by ten minutes (RFC
// 5321 §4.5.3.2.6). For one thread.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/smtp/smtp_dialogue.hpp"
#include "adapters/smtp/smtp_mailer.hpp"

namespace postrider::adapters::smtp {

class SmtpSession {
 public:
  using Steady = std::chrono::steady_clock;

  /// `stopping` becomes true when the program ends; it outlives the session.
  SmtpSession(const SmtpSettings& settings, const std::atomic<bool>& stopping);
  ~SmtpSession();
  SmtpSession(const SmtpSession&) = delete;
  SmtpSession& operator=(const SmtpSession&) = delete;

  bool usable() const { return curl_ != nullptr; }
  /// True where the connection is idle: nothing has come on it since its last exchange, not even
  /// its end. A reply that nobody waits for would be taken for the answer to the next mail.
  bool is_quiet() const;

  /// One mail and its envelope.
  struct Envelope {
    const std::string& from;
    const std::string& to;
    std::string_view mime;
  };
  /// The end of an exchange.
  struct End {
    bool taken = false;
    bool in_order = false;  // the connection may have another exchange
    bool stopped = false;   // by `stopping`, before the server could take the mail
    bool reused = false;    // on a connection that had an exchange before
    SmtpEnd how;            // where it was not taken
    bool sent_no_mail() const { return how.stage < Stage::upload; }
  };
  /// Sends a mail. `each_second` is called about once a second. After an end that is not `in_order`
  /// the session must not be used again.
  End send(const Envelope& mail, const std::function<void()>& each_second);

  /// Connects, greets, encrypts and logs in. Afterwards the session can't send mails any more.
  End reach();
  /// What the server said that it can do, after reach().
  const std::vector<std::string>& extensions() const { return dialogue_.extensions(); }

 private:
  struct Cleanup {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(curl_.get(), option, value);
  }
  void limit_by_stage();
  End perform();
  std::string end_of(CURLcode code) const;
  bool goes_on();

  // What libcurl calls.
  static int hear(CURL*, curl_infotype type, char* octets, std::size_t size, void* session);
  static std::size_t read_mail(char* to, std::size_t size, std::size_t count, void* session);
  static int look(void* session, curl_off_t, curl_off_t, curl_off_t, curl_off_t uploaded);
  static curl_socket_t open_socket(void* session, curlsocktype, curl_sockaddr* address);
  static int close_socket(void* session, curl_socket_t socket);

  SmtpSettings settings_;
  const std::atomic<bool>& stopping_;
  SmtpDialogue dialogue_;
  std::set<curl_socket_t> sockets_;
  std::string_view unread_;  // of the mail
  std::function<void()> each_second_;
  Stage seen_ = Stage::connect;
  Steady::time_point since_{};    // the stage began, or octets went out in it
  Steady::time_point stopped_{};  // `stopping_` was seen; the epoch: it was not
  bool quitting_ = false;
  bool reused_ = false;
  curl_off_t uploaded_ = 0;
  CURLcode code_ = CURLE_OK;
  const char* aborted_ = nullptr;        // why we ended the exchange ourselves
  std::unique_ptr<CURL, Cleanup> curl_;  // closes its sockets through the members above
};

}  // namespace postrider::adapters::smtp
