#include "runtime_stub.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <vector>

namespace postrider::bench {
namespace {

constexpr std::chrono::milliseconds glance{1};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// True where head and body have come, by the length in the head.
bool whole(const std::string& request) {
  const auto end = request.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const std::string head = lower(request.substr(0, end));
  const auto at = head.find("content-length:");
  const std::size_t length = at == std::string::npos ? 0 : std::stoul(head.substr(at + 15));
  return request.size() >= end + 4 + length;
}

void send_all(int connection, const std::string& text) {
  // An answer of this size fits into the socket's buffer.
  if (::send(connection, text.data(), text.size(), MSG_NOSIGNAL) < 0) return;
}

}  // namespace

RuntimeStub::RuntimeStub(std::string event, std::string awaited)
    : event_{std::move(event)}, awaited_{std::move(awaited)} {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  constexpr int backlog = 16;
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, backlog) != 0 ||
      ::getsockname(listener_, any, &size) != 0)
    throw std::runtime_error{"can't listen on 127.0.0.1"};
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { serve(); }};
}

RuntimeStub::~RuntimeStub() {
  stop_ = true;
  thread_.join();
  ::close(listener_);
}

std::string RuntimeStub::address() const { return "127.0.0.1:" + std::to_string(port_); }

RuntimeStub::Clock::time_point RuntimeStub::arrived(std::chrono::seconds patience) const {
  const auto until = Clock::now() + patience;
  while (arrived_ == 0) {
    if (Clock::now() > until) throw std::runtime_error{"a function sent no signed request"};
    std::this_thread::sleep_for(glance);
  }
  return Clock::time_point{Clock::duration{arrived_}};
}

void RuntimeStub::answer(int connection, const std::string& request) {
  if (request.find("/invocation/next") != std::string::npos) {
    send_all(connection,
             "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: r1\r\n"
             "Lambda-Runtime-Deadline-Ms: 9999999999999\r\nContent-Type: application/json\r\n"
             "Content-Length: " +
                 std::to_string(event_.size()) + "\r\n\r\n" + event_);
    return;
  }
  if (request.find("AWS4-HMAC-SHA256") == std::string::npos) return;
  if (arrived_ == 0 && request.find(awaited_) != std::string::npos) {
    arrived_ = Clock::now().time_since_epoch().count();
    return;
  }
  send_all(connection,
           "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
           "Content-Length: 2\r\n\r\n{}");
}

void RuntimeStub::serve() {
  std::map<int, std::string> requests;
  while (!stop_) {
    std::vector<pollfd> watched{{listener_, POLLIN, 0}};
    for (const auto& [connection, text] : requests) watched.push_back({connection, POLLIN, 0});
    if (::poll(watched.data(), watched.size(), static_cast<int>(glance.count())) <= 0) continue;
    if (watched[0].revents != 0) requests[::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)];
    for (std::size_t i = 1; i < watched.size(); ++i) {
      if (watched[i].revents == 0) continue;
      const int connection = watched[i].fd;
      std::array<char, 16384> part;
      const auto size = ::recv(connection, part.data(), part.size(), 0);
      if (size <= 0) {
        ::close(connection);
        requests.erase(connection);
        continue;
      }
      auto& text = requests[connection].append(part.data(), static_cast<std::size_t>(size));
      if (!whole(text)) continue;
      answer(connection, text);
      text.clear();
    }
  }
  for (const auto& [connection, text] : requests) ::close(connection);
}

}  // namespace postrider::bench
