// The credentials of a role, fetched from the container or the instance that this process runs on.
// Belongs to the client's io thread.
#pragma once

#include <optional>
#include <variant>

#include "adapters/aws/client/settings.hpp"
#include "adapters/aws/client/sigv4.hpp"
#include "wire/http_connection.hpp"
#include "wire/tls_context.hpp"

namespace postrider::adapters::aws::client {

/// Credentials and the time when they end.
struct Lent {
  Credentials credentials;
  std::optional<domain::TimePoint> until;  // nullopt: for ever
};

/// The credentials of `source`, or the code of what is wrong ("no_credentials", "connect_failed",
/// …).
wire::asio::awaitable<std::variant<Lent, std::string>> fetch_credentials(
    wire::asio::io_context& io, wire::TlsContext& tls, const CredentialSource& source);

/// The credentials in an answer of container or instance. nullopt where the answer holds none.
std::optional<Lent> parse_credentials(std::string_view json);

}  // namespace postrider::adapters::aws::client
