// An SMTP server on a raw socket that a test tells, stage by stage, what to answer or how to hang
// up. It runs on threads of its own; what it saw may be asked from any thread. For whole mails with
// TLS and passwords see smtp_server.py.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace postrider::support {

class ScriptedSmtpServer {
 public:
  enum class Kind { answer, fin, rst, silence, half_a_line, late };
  /// What the server does at a stage. `reply`: its lines but for their end; of `late` the one that
  /// comes `after`.
  struct Act {
    Kind kind = Kind::answer;
    std::string reply;  // empty: the usual one
    std::chrono::milliseconds after{0};
  };
  /// A stage and how often it came before in all connections: "GREETING", "EHLO", "STARTTLS",
  /// "AUTH", "MAIL", "RCPT", "DATA", "BODY" (the answer to a whole mail), "QUIT".
  using Script = std::function<Act(const std::string& stage, int before)>;

  explicit ScriptedSmtpServer(Script script, std::string extensions = "250 8BITMIME")
      : script_{std::move(script)}, extensions_{std::move(extensions)} {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      std::abort();
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread{[this] { accept(); }};
  }
  ~ScriptedSmtpServer() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
      for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    changed_.notify_all();
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    for (auto& thread : threads_) thread.join();
    ::close(listener_);
  }
  ScriptedSmtpServer(const ScriptedSmtpServer&) = delete;
  ScriptedSmtpServer& operator=(const ScriptedSmtpServer&) = delete;

  int port() const { return port_; }
  /// The mails that were taken: a 2yz went out as the answer.
  std::vector<std::string> mails() const {
    const std::lock_guard lock{mutex_};
    return mails_;
  }
  /// The whole mails that came, taken or not.
  int bodies() const { return count("BODY"); }
  /// How often a stage was reached; "GREETING" counts connections.
  int count(const std::string& stage) const {
    const std::lock_guard lock{mutex_};
    int n = 0;
    for (const auto& [seen, line] : log_) n += seen == stage;
    return n;
  }
  /// The commands of a stage.
  std::vector<std::string> lines(const std::string& stage) const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> found;
    for (const auto& [seen, line] : log_)
      if (seen == stage) found.push_back(line);
    return found;
  }

 private:
  /// One connection; every function is false where it ended.
  struct Peer {
    int socket;
    std::string unread;
  };

  void accept() {
    while (true) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      const std::lock_guard lock{mutex_};
      if (stopping_) {
        ::close(socket);
        return;
      }
      sockets_.push_back(socket);
      threads_.emplace_back([this, socket] {
        Peer peer{socket, {}};
        converse(peer);
        const std::lock_guard ended{mutex_};
        std::erase(sockets_, socket);
        ::close(socket);
      });
    }
  }

  static bool send(Peer& peer, const std::string& text) {
    return ::send(peer.socket, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  static bool read_line(Peer& peer, std::string& line) {
    while (true) {
      if (const auto end = peer.unread.find("\r\n"); end != std::string::npos) {
        line = peer.unread.substr(0, end);
        peer.unread.erase(0, end + 2);
        return true;
      }
      char octets[4096];
      const auto got = ::recv(peer.socket, octets, sizeof octets, 0);
      if (got <= 0) return false;
      peer.unread.append(octets, static_cast<std::size_t>(got));
    }
  }

  /// Does as the script says. `answered`: the reply that went out.
  bool act(Peer& peer, const std::string& stage, const std::string& line, const std::string& usual,
           std::string& answered, std::string* mail = nullptr) {
    int before = 0;
    {
      const std::lock_guard lock{mutex_};
      for (const auto& [seen, what] : log_) before += seen == stage;
      log_.emplace_back(stage, line);
    }
    const auto act = script_(stage, before);
    answered = act.reply.empty() ? usual : act.reply;
    if (act.kind == Kind::silence || act.kind == Kind::late) {
      std::unique_lock lock{mutex_};
      const bool forever = act.kind == Kind::silence;
      changed_.wait_for(lock, forever ? std::chrono::hours{1} : act.after,
                        [this] { return stopping_; });
      if (stopping_ || forever) return false;
    }
    if (act.kind == Kind::rst) {
      const linger hard{1, 0};
      ::setsockopt(peer.socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
    if (act.kind == Kind::fin || act.kind == Kind::rst) return false;
    if (act.kind == Kind::half_a_line) {
      send(peer, answered.substr(0, 2));
      return false;
    }
    if (mail != nullptr && answered.starts_with("2")) {
      const std::lock_guard lock{mutex_};
      mails_.push_back(std::move(*mail));
    }
    return send(peer, answered + "\r\n");
  }

  void converse(Peer& peer) {
    std::string said;
    if (!act(peer, "GREETING", "", "220 scripted ESMTP", said)) return;
    for (std::string line; read_line(peer, line);) {
      const auto verb = line.substr(0, line.find_first_of(" :"));
      if (verb == "EHLO" || verb == "HELO") {
        if (!act(peer, "EHLO", line, "250-scripted\r\n" + extensions_, said)) return;
      } else if (verb == "STARTTLS") {
        if (!act(peer, verb, line, "454 4.7.0 no TLS", said)) return;
      } else if (verb == "AUTH") {
        if (!act(peer, verb, line, "235 2.7.0 ok", said)) return;
      } else if (verb == "MAIL" || verb == "RCPT") {
        if (!act(peer, verb, line, "250 2.1.0 ok", said)) return;
      } else if (verb == "DATA") {
        if (!act(peer, verb, line, "354 go", said)) return;
        if (said.starts_with("354") && !take_mail(peer)) return;
      } else if (verb == "QUIT") {
        act(peer, verb, line, "221 2.0.0 bye", said);
        return;
      } else if (!act(peer, "OTHER", line, "502 5.5.1 no", said)) {
        return;
      }
    }
  }

  bool take_mail(Peer& peer) {
    std::string mail, line, said;
    while (read_line(peer, line) && line != ".") mail += line + "\r\n";
    if (line != ".") return false;
    return act(peer, "BODY", "", "250 2.0.0 kept", said, &mail);
  }

  const Script script_;
  const std::string extensions_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::vector<int> sockets_;
  std::vector<std::pair<std::string, std::string>> log_;
  std::vector<std::string> mails_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace postrider::support
