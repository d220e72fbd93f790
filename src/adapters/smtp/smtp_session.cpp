#include "adapters/smtp/smtp_session.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace postrider::adapters::smtp {
namespace {

constexpr long max_idle_seconds = 20;         // servers close idle connections after minutes
constexpr std::chrono::seconds quit_wait{2};  // for a farewell that nobody needs
constexpr std::chrono::seconds stop_wait{5};  // for an answer that may come at any moment
constexpr long no_limit_of_libcurls = 24L * 3600 * 1000;  // 0 would be five minutes
constexpr const char* timeout = "timeout";
constexpr const char* stopped = "stopped";

/// The code for an end of libcurl's.
struct Row {
  int curl;
  const char* code;
};
constexpr std::array<Row, 9> ends{{
    {CURLE_COULDNT_RESOLVE_HOST, "dns_failed"},
    {CURLE_COULDNT_CONNECT, "connect_failed"},
    {CURLE_OPERATION_TIMEDOUT, timeout},
    {CURLE_USE_SSL_FAILED, "tls_not_offered"},
    {CURLE_SSL_CONNECT_ERROR, "tls_failed"},
    {CURLE_PEER_FAILED_VERIFICATION, "tls_not_trusted"},
    {CURLE_SSL_CACERT_BADFILE, "tls_no_authorities"},
    {CURLE_LOGIN_DENIED, "auth_failed"},
    {CURLE_OUT_OF_MEMORY, "no_memory"},
}};

long use_tls(Tls tls) {
  if (tls == Tls::none) return CURLUSESSL_NONE;
  return tls == Tls::opportunistic ? CURLUSESSL_TRY : CURLUSESSL_ALL;
}

}  // namespace

SmtpSession::SmtpSession(const SmtpSettings& settings, const std::atomic<bool>& stopping)
    : settings_{settings}, stopping_{stopping}, curl_{curl_easy_init()} {
  if (!curl_) return;
  const std::string local = settings.local_hostname.empty() ? "localhost" : settings.local_hostname;
  const std::string scheme = settings.tls == Tls::implicit ? "smtps://" : "smtp://";
  const std::string url =
      scheme + settings.host + ":" + std::to_string(settings.port) + "/" + local;
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_PROXY, "");  // the environment's proxy is for the web
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_USE_SSL, use_tls(settings.tls));
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
  set(CURLOPT_MAXAGE_CONN, max_idle_seconds);
  set(CURLOPT_READFUNCTION, &SmtpSession::read_mail);
  set(CURLOPT_READDATA, static_cast<void*>(this));
  set(CURLOPT_DEBUGFUNCTION, &SmtpSession::hear);
  set(CURLOPT_DEBUGDATA, static_cast<void*>(this));
  set(CURLOPT_VERBOSE, 1L);
  set(CURLOPT_XFERINFOFUNCTION, &SmtpSession::look);
  set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_OPENSOCKETFUNCTION, &SmtpSession::open_socket);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(CURLOPT_CLOSESOCKETFUNCTION, &SmtpSession::close_socket);
  set(CURLOPT_CLOSESOCKETDATA, static_cast<void*>(this));
}

/// libcurl says QUIT on a connection that is still open and would wait two minutes for the answer.
SmtpSession::~SmtpSession() {
  for (const auto socket : sockets_) ::shutdown(socket, SHUT_RD);
}

bool SmtpSession::is_quiet() const {
  std::vector<pollfd> polled;
  for (const auto socket : sockets_) polled.push_back({socket, POLLIN, 0});
  return ::poll(polled.data(), polled.size(), 0) == 0;
}

/// libcurl measures the time to connect up to the end of the login, and its other limits can't tell
/// one stage from another. So its own are as wide as the widest, and look() ends a stage.
void SmtpSession::limit_by_stage() {
  const auto widest = settings_.answer_timeout + settings_.timeout;
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings_.connect_timeout.count()));
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT,
      static_cast<long>(std::chrono::ceil<std::chrono::seconds>(widest).count()));
  set(CURLOPT_TIMEOUT_MS, 0L);
}

SmtpSession::End SmtpSession::perform() {
  limit_by_stage();
  reused_ = !sockets_.empty();
  dialogue_.begin(reused_);
  aborted_ = nullptr;
  quitting_ = false;
  uploaded_ = 0;
  seen_ = dialogue_.stage();
  since_ = Steady::now();
  stopped_ = {};
  code_ = curl_easy_perform(curl_.get());
  End end;
  end.in_order = code_ == CURLE_OK;
  end.taken = end.in_order || dialogue_.taken();
  end.reused = reused_;
  end.how = dialogue_.end(end_of(code_));
  end.stopped = aborted_ == stopped && end.how.stage != Stage::body;
  return end;
}

SmtpSession::End SmtpSession::send(const Envelope& mail, const std::function<void()>& each_second) {
  const std::unique_ptr<curl_slist, Cleanup> recipients{
      curl_slist_append(nullptr, ("<" + mail.to + ">").c_str())};
  if (!recipients) {
    End none;
    none.how.end = "no_memory";
    return none;
  }
  each_second_ = each_second;
  unread_ = mail.mime;
  set(CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  set(CURLOPT_MAIL_RCPT, recipients.get());
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.mime.size()));
  const auto end = perform();
  set(CURLOPT_MAIL_RCPT, static_cast<curl_slist*>(nullptr));
  each_second_ = {};
  unread_ = {};
  return end;
}

SmtpSession::End SmtpSession::reach() {
  set(CURLOPT_CONNECT_ONLY, 1L);
  return perform();
}

std::string SmtpSession::end_of(CURLcode code) const {
  if (aborted_ != nullptr) return aborted_;
  const auto* const row =
      std::find_if(ends.begin(), ends.end(), [&](const Row& known) { return known.curl == code; });
  if (row != ends.end()) return row->code;
  // A complete reply that is none of those that the command may have.
  return dialogue_.reply_code() > 0 ? "bad_reply" : "dropped";
}

int SmtpSession::hear(CURL*, curl_infotype type, char* octets, std::size_t size, void* session) {
  auto& self = *static_cast<SmtpSession*>(session);
  const std::string_view line{octets, size};
  if (type == CURLINFO_HEADER_IN) self.dialogue_.reply(line);
  if (type == CURLINFO_HEADER_OUT) {
    self.dialogue_.command(line);
    self.quitting_ = line.starts_with("QUIT");
    self.since_ = Steady::now();
  }
  return 0;
}

std::size_t SmtpSession::read_mail(char* to, std::size_t size, std::size_t count, void* session) {
  auto& self = *static_cast<SmtpSession*>(session);
  const auto octets = std::min(self.unread_.size(), size * count);
  std::memcpy(to, self.unread_.data(), octets);
  self.unread_.remove_prefix(octets);
  self.dialogue_.octets_went();
  if (self.unread_.empty()) self.dialogue_.mail_ended();
  return octets;
}

int SmtpSession::look(void* session, curl_off_t, curl_off_t, curl_off_t, curl_off_t uploaded) {
  auto& self = *static_cast<SmtpSession*>(session);
  if (uploaded != self.uploaded_) self.since_ = Steady::now();
  self.uploaded_ = uploaded;
  return self.goes_on() ? 0 : 1;
}

/// False: the exchange has to end.
bool SmtpSession::goes_on() {
  const auto now = Steady::now();
  if (dialogue_.stage() == Stage::connect) {
    curl_off_t microseconds = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_CONNECT_TIME_T, &microseconds);
    if (microseconds > 0) {
      dialogue_.connected();
      set(CURLOPT_CONNECTTIMEOUT_MS, no_limit_of_libcurls);
    }
  }
  if (dialogue_.stage() != seen_) {
    seen_ = dialogue_.stage();
    since_ = now;
  }
  if (each_second_) each_second_();
  if (quitting_) return !stopping_ && now - since_ < quit_wait;
  const bool whole = seen_ == Stage::body;
  const auto limit = whole ? settings_.answer_timeout : settings_.timeout;
  const bool connecting = seen_ == Stage::connect;  // libcurl's limit, for each address
  if (!connecting && now - since_ > limit) aborted_ = timeout;
  if (stopping_) {
    if (stopped_ == Steady::time_point{}) stopped_ = now;
    if (!whole || now - stopped_ > stop_wait) aborted_ = stopped;
  }
  return aborted_ == nullptr;
}

curl_socket_t SmtpSession::open_socket(void* session, curlsocktype, curl_sockaddr* address) {
  const auto socket =
      ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (socket < 0) return CURL_SOCKET_BAD;
  auto& self = *static_cast<SmtpSession*>(session);
  self.sockets_.insert(socket);
  self.reused_ = false;
  self.dialogue_.begin(false);
  return socket;
}

int SmtpSession::close_socket(void* session, curl_socket_t socket) {
  static_cast<SmtpSession*>(session)->sockets_.erase(socket);
  return ::close(socket);
}

}  // namespace postrider::adapters::smtp
