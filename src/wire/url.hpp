// An http(s) URL in its parts. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postrider::wire {

/// The parts of a URL.
struct Url {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 address
  std::string port;
  std::string authority;  // as the Host header has it
  std::string target;     // path and query, at least "/"
};

/// The parts of a URL of http or https, host, optional port, path and query. nullopt for anything
/// else, also for a URL with a user name (credentials do not belong in a URL), a blank or a control
/// character.
std::optional<Url> parse_url(std::string_view text);

}  // namespace postrider::wire
