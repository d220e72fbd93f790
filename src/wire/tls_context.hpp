// Whom TLS connections trust. Reading the authorities takes milliseconds, so it is done with the
// first call of get(), and never where all is plain HTTP. Belongs to one thread at a time.
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

  /// TLS 1.2 or newer. Null when the authorities can't be read.
  boost::asio::ssl::context* get();

 private:
  const std::string authorities_;
  std::optional<boost::asio::ssl::context> context_;
};

}  // namespace postrider::wire
