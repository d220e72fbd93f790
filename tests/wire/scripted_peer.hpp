// An HTTP server of raw sockets whose answers a test writes byte by byte. One thread a connection.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace postrider::wire {

class ScriptedPeer {
 public:
  /// A function that gets each whole request (head and body) and returns the answer; false in
  /// `go_on` closes the connection then.
  struct Reply {
    std::string octets;
    bool go_on = true;
    bool reset = false;  // close with RST instead of FIN
  };
  using Script = std::function<Reply(const std::string& request)>;

  explicit ScriptedPeer(Script script) : script_{std::move(script)} {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 128);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_all(); }};
  }
  ~ScriptedPeer() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    {
      const std::lock_guard lock{mutex_};
      for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
  }
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  int port() const { return port_; }
  std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }
  int requests() const {
    const std::lock_guard lock{mutex_};
    return static_cast<int>(requests_.size());
  }
  std::string request(std::size_t index) const {
    const std::lock_guard lock{mutex_};
    return requests_.at(index);
  }
  std::size_t octets() const { return octets_; }
  void close_all() {
    const std::lock_guard lock{mutex_};
    for (const int fd : open_) ::shutdown(fd, SHUT_WR);
  }

 private:
  void accept_all() {
    while (true) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      ++connections_;
      const std::lock_guard lock{mutex_};
      open_.push_back(fd);
      threads_.emplace_back([this, fd] { serve(fd); });
    }
  }

  /// The next whole request; empty at the end of the connection.
  std::string read_request(int fd, std::string& buffer) {
    while (true) {
      const auto head = buffer.find("\r\n\r\n");
      if (head != std::string::npos) {
        const auto at = buffer.find("Content-Length: ");
        const std::size_t whole = head + 4 + (at < head ? std::stoul(buffer.substr(at + 16)) : 0);
        if (buffer.size() >= whole) {
          std::string request = buffer.substr(0, whole);
          buffer.erase(0, whole);
          return request;
        }
      }
      char chunk[4096];
      const auto got = ::recv(fd, chunk, sizeof chunk, 0);
      if (got <= 0) return {};
      octets_ += static_cast<std::size_t>(got);
      buffer.append(chunk, static_cast<std::size_t>(got));
    }
  }

  void serve(int fd) {
    std::string buffer;
    for (std::string request = read_request(fd, buffer); !request.empty();
         request = read_request(fd, buffer)) {
      {
        const std::lock_guard lock{mutex_};
        requests_.push_back(request);
      }
      const Reply reply = script_(request);
      ::send(fd, reply.octets.data(), reply.octets.size(), MSG_NOSIGNAL);
      if (reply.reset) {
        const linger at_once{1, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      }
      if (!reply.go_on) break;
    }
    const std::lock_guard lock{mutex_};
    std::erase(open_, fd);
    ::close(fd);
  }

  Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<std::size_t> octets_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

inline std::string http_answer(int status, const std::string& body,
                               const std::string& headers = "") {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: application/json\r\n" +
         headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace postrider::wire
