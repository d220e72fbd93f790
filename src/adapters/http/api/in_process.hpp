// The resources of the HTTP API without a socket: for a program that holds the store itself and
// wants the same answers. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "adapters/http/api/api.hpp"

namespace postrider::adapters::http {

class InProcessApi {
 public:
  /// `services` must outlive it. Notifications, customers, opt-outs, dead letters, previews and
  /// reports; order events and bulk bodies are for a server.
  explicit InProcessApi(const Services& services);

  /// `target`: path and query, as on a request line. `body`: JSON, or empty. `caller` stands for
  /// the API key: whoever may read the database's file may do what a live key may.
  Response call(std::string_view method, std::string_view target, std::string body,
                const KeyInfo& caller) const;

 private:
  Router router_;
};

}  // namespace postrider::adapters::http
