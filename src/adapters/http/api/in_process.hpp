// The resources of the HTTP API without a server, for a program that has the store open itself and
// wants the same answers. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "adapters/http/api/api.hpp"

namespace postrider::adapters::http {

class InProcessApi {
 public:
  /// `services` must outlive this object. It has notifications, customers, opt-outs, dead letters,
  /// previews and reports, but neither order events nor bulk bodies, which need a server.
  explicit InProcessApi(const Services& services);

  /// The answer to one request. `target`: path and query, as on a request line. `body`: JSON, or
  /// empty. `caller`: in place of an API key, which is not checked, because the caller can read the
  /// database's file anyway.
  Response call(std::string_view method, std::string_view target, std::string body,
                const KeyInfo& caller) const;

 private:
  Router router_;
};

}  // namespace postrider::adapters::http
