// The table of routes: each maps a method and a path template to a handler, and says who may call
// it. Filled before the server starts, then only read, by any thread.
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
#include "domain/intake/order_event.hpp"

namespace postrider::adapters::http {

/// The API key of a request's caller.
struct KeyInfo {
  std::string name;
  std::string shop;
  domain::Mode mode = domain::Mode::live;
};

/// The callers that a route admits.
enum class Access : std::uint8_t {
  open,              // everybody
  open_on_loopback,  // everybody on this machine, others with a key
  key,               // callers with an API key, where keys are configured
  live_key,          // like `key`, but no key of test mode: the route is about real people
  signed_body,       // everybody: the handler checks a signature itself
};

/// One request to a blocking handler.
struct Call {
  Request& request;
  const KeyInfo& key;
  const std::string& id;  // the decoded path parameter; empty where the template has none
  const Query& query;
};

/// The types of bodies that the API distinguishes.
enum class Media : std::uint8_t { none, json, ndjson, other };
/// The type that a Content-Type field names; its parameters are ignored.
Media media_of(std::string_view content_type);

using CallHandler = std::function<Response(const Call&)>;

class Router {
 public:
  /// Adds a blocking handler. `path` has at most one "{…}" segment and lives as long as the
  /// program.
  void add(Method method, std::string_view path, Access access, CallHandler handler);

  /// Adds a function that chooses the action itself. It is called with the head, the caller's key
  /// and the decoded path parameter, before the body is read.
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
  /// The route, or the refusal: 404, or 405 with the methods of the path. HEAD counts as GET.
  std::variant<Match, Response> find(const Head& head) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace postrider::adapters::http
