// Asks the container or the instance for the credentials of its role. Belongs to the client's io
// thread.
#pragma once

#include <optional>
#include <variant>

#include "adapters/aws/client/settings.hpp"
#include "adapters/aws/client/sigv4.hpp"
#include "wire/http_connection.hpp"
#include "wire/tls_context.hpp"

namespace postrider::adapters::aws::client {

struct Lent {
  Credentials credentials;
  std::optional<domain::TimePoint> until;  // nullopt: for ever
};

/// Credentials, or the code of what is wrong ("no_credentials", "connect_failed", …).
wire::asio::awaitable<std::variant<Lent, std::string>> fetch_credentials(
    wire::asio::io_context& io, wire::TlsContext& tls, const CredentialSource& source);

/// What container and instance answer. nullopt where it is no credentials.
std::optional<Lent> parse_credentials(std::string_view json);

}  // namespace postrider::adapters::aws::client
