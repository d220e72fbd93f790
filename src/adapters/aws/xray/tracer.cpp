#include "adapters/aws/xray/tracer.hpp"

#include <netdb.h>
#include <openssl/rand.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "adapters/aws/client/encoding.hpp"

namespace postrider::adapters::aws::xray {
namespace {

/// The address behind "udp:" in either form.
std::string_view udp_address(std::string_view daemon) {
  const auto udp = daemon.find("udp:");
  if (udp == std::string_view::npos) return daemon;
  daemon.remove_prefix(udp + 4);
  return daemon.substr(0, daemon.find(' '));
}

/// The socket to the daemon; -1 where there is no daemon.
int connect_to(std::string_view address) {
  const auto colon = address.rfind(':');
  if (colon == std::string_view::npos) return -1;
  const std::string host{address.substr(0, colon)}, port{address.substr(colon + 1)};
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;  // no name is worth a delay of the start
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return -1;
  int made = ::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made >= 0 && ::connect(made, found->ai_addr, found->ai_addrlen) != 0) {
    ::close(made);
    made = -1;
  }
  ::freeaddrinfo(found);
  return made;
}

std::string new_id() {
  std::array<unsigned char, 8> octets{};
  ::RAND_bytes(octets.data(), octets.size());
  return client::hex(octets);
}

}  // namespace

Tracer::Tracer(const std::string& daemon, std::string region)
    : region_{std::move(region)}, socket_{connect_to(udp_address(daemon))} {}

Tracer::~Tracer() {
  if (socket_ >= 0) ::close(socket_);
}

void Tracer::begin(std::string_view header) {
  const concurrency::Lock lock{mutex_};
  trace_ = socket_ >= 0 ? parse_trace(header) : std::nullopt;
}

void Tracer::send(const client::CallReport& report) {
  const concurrency::Lock lock{mutex_};
  if (!trace_) return;
  const std::string datagram =
      "{\"format\":\"json\",\"version\":1}\n" + subsegment(*trace_, new_id(), region_, report);
  // The datagram may be lost: a trace with a hole is better than an order that waits.
  (void)::send(socket_, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace postrider::adapters::aws::xray
