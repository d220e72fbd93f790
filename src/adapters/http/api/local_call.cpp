#include "adapters/http/api/local_call.hpp"

#include "adapters/http/server/problem.hpp"

namespace postrider::adapters::http {
namespace {

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

}  // namespace

bool is_local_call(const Head& head) {
  const auto host = head.field("Host");
  const auto name = without_port(host);
  const bool local =
      name.empty() || name == "localhost" || name == "[::1]" ||
      (name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string_view::npos);
  const auto origin = head.field("Origin");
  return local && (origin.empty() || origin == "http://" + std::string{host});
}

Response not_local() {
  return refuse({.status = 403,
                 .code = "not_local",
                 .hint = "without API keys only programs on this machine may call; make a key "
                         "with: postrider keys add"});
}

}  // namespace postrider::adapters::http
