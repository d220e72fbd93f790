// The table of routes: method and path template to handler, with who may call it. Filled before the
// server starts, then only read.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/http/server/exchange.hpp"
#include "adapters/http/server/problem.hpp"
#include "adapters/http/server/target.hpp"
#include "domain/order_event.hpp"

namespace postrider::adapters::http {

/// Whose request it is.
struct KeyInfo {
  std::string name;
  std::string shop;
  domain::Mode mode = domain::Mode::live;
};

enum class Access : std::uint8_t {
  open,              // anybody
  open_on_loopback,  // anybody on this machine, others with a key
  key,               // an API key, where keys are configured
  live_key,          // the same, and none of test mode: it touches what is of real people
  signed_body,       // the handler checks a signature itself
};

struct Call {
  Request& request;
  const KeyInfo& key;
  const std::string& id;  // the decoded path parameter; empty where the template has none
  const Query& query;
};

enum class Media : std::uint8_t { none, json, ndjson, other };
/// Of a Content-Type field: parameters do not count.
Media media_of(std::string_view content_type);

using CallHandler = std::function<Response(const Call&)>;

class Router {
 public:
  /// A blocking handler. `path` has at most one "{…}" segment and lives as long as the program.
  void add(Method method, std::string_view path, Access access, CallHandler handler);

  /// Anything else: gets the head and whose request it is, before the body is read.
  using Choose = std::function<Choice(const Head&, const KeyInfo&, const std::string& id)>;
  void add_choice(Method method, std::string_view path, Access access, Choose choose);

  struct Route {
    Method method;
    std::string_view path;
    Access access;
    Choose choose;
  };
  struct Match {
    const Route* route = nullptr;
    std::string id;
  };
  /// The route, or the refusal: 404, or 405 with the methods there are. HEAD is GET.
  std::variant<Match, Response> find(const Head& head) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace postrider::adapters::http
