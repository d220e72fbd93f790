// AWS Signature Version 4 over a request that is about to be written. Pure and thread-safe.
// Source: "AWS API request signing", Create a signed request; compared with botocore's signer.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/time.hpp"

namespace postrider::adapters::aws::client {

/// The key that requests are signed with.
struct Credentials {
  std::string key_id;
  std::string secret;
  std::string session_token;  // empty: none
};

using Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case

/// A request before it is signed.
struct Unsigned {
  std::string_view method;
  std::string_view path;   // as on the wire: percent-encoded, without a query
  const Headers& headers;  // all that will be signed, "host" among them
  std::string_view body;
};

/// The region and service that a signature is good for.
struct Scope {
  std::string_view region;
  std::string_view service;  // signing name, such as "dynamodb"
};

/// The headers to add: "x-amz-date", "x-amz-security-token" where there is one, "authorization".
Headers sign(const Unsigned& request, const Scope& scope, const Credentials& credentials,
             domain::TimePoint now);

}  // namespace postrider::adapters::aws::client
