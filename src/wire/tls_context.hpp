// The certificate authorities that TLS connections trust. Reading them takes milliseconds, so the
// first call of get() does it, and plain HTTP never pays. Belongs to one thread at a time.
// libssl's own defaults are not enough: a function of AWS Lambda brings its authorities along.
#pragma once

#include <utility>
// Asio 1.74 forgets <utility>.
#include <boost/asio/ssl/context.hpp>
#include <optional>
#include <string>

namespace postrider::wire {

class TlsContext {
 public:
  /// `authorities`: a PEM file; empty: the system's.
  explicit TlsContext(std::string authorities = {}) : authorities_{std::move(authorities)} {}

  /// A context for TLS 1.2 or newer. Null when the authorities can't be read.
  boost::asio::ssl::context* get();

 private:
  const std::string authorities_;
  std::optional<boost::asio::ssl::context> context_;
};

}  // namespace postrider::wire
