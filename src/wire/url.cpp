#include "wire/url.hpp"

#include <algorithm>
#include <charconv>

namespace postrider::wire {
namespace {

constexpr std::size_t longest_url = 2048;

bool is_port(std::string_view text) {
  unsigned int number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end && number >= 1 && number <= 65535;
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  if (text.size() > longest_url) return std::nullopt;
  if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; }))
    return std::nullopt;
  Url url;
  url.tls = text.starts_with("https://");
  if (!url.tls && !text.starts_with("http://")) return std::nullopt;
  text.remove_prefix(url.tls ? 8 : 7);
  const auto path = text.find_first_of("/?#");
  const auto authority = text.substr(0, path);
  auto target = path == std::string_view::npos ? std::string_view{} : text.substr(path);
  target = target.substr(0, target.find('#'));
  url.target = target.starts_with('/') ? std::string{target} : "/" + std::string{target};
  if (authority.empty() || authority.find('@') != std::string_view::npos) return std::nullopt;
  url.authority = authority;
  const auto bracket = authority.rfind(']');
  const auto colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  auto host = authority.substr(0, has_port ? colon : std::string_view::npos);
  url.port = has_port ? std::string{authority.substr(colon + 1)} : url.tls ? "443" : "80";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  url.host = host;
  if (url.host.empty() || !is_port(url.port)) return std::nullopt;
  return url;
}

}  // namespace postrider::wire
