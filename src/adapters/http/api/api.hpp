// The HTTP API over the pipeline: who may call, how often, and which resource answers. Api chooses
// on the io thread; HttpService owns server, intake and API in the order they need.
#pragma once

#include <utility>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "adapters/http/api/intake.hpp"
#include "adapters/http/api/router.hpp"
#include "adapters/http/api/token_bucket.hpp"
#include "adapters/http/server/server.hpp"
#include "message/json/receipt_batch.hpp"
#include "pipeline/pipeline.hpp"
#include "ports/cost_book.hpp"

namespace postrider::adapters::http {

/// A field of the request by its name, empty where there is none.
using HeaderLookup = std::function<std::string_view(std::string_view)>;
struct SignatureInvalid {};
using ParsedReceipts = std::variant<message::ReceiptBatch, message::FieldError, SignatureInvalid>;
/// Checks a carrier's signature over the raw body, then reads its receipts. Called by several
/// threads at once.
using ReceiptParser = std::function<ParsedReceipts(std::string_view body, const HeaderLookup&)>;

struct ReceiptSource {
  ReceiptParser parse;
  /// False: `parse` checks no signature. Such receipts are taken only while no API keys are needed,
  /// and only from programs on this machine.
  bool is_signed = true;
};

struct Readiness {
  std::vector<std::string> problems;  // codes; empty: ready
};

/// What the page at "/" says.
struct StatusPage {
  std::string version;
  std::string store;
  std::string carrier;
  std::string mail;
  bool simulated = false;  // no SMS reaches a phone
};

/// What the API stands on. References and functions must outlive it and be thread-safe.
struct Services {
  pipeline::Pipeline& pipeline;
  pipeline::Storage storage;
  ports::CostBook& costs;
  const message::Composer& composer;
  ports::Clock& clock;
  ports::Telemetry& telemetry;

  std::string default_region = {};
  domain::Limits limits = {};
  std::string currency = "USD";
  /// Asked for each request, because keys may come while the service runs. True: every request
  /// under /v1 needs a key. False, or empty: the server must listen on loopback only, and a request
  /// without a key is of the live shop `default_shop`.
  std::function<bool()> keys_required = {};
  std::string default_shop = "default";
  /// Called on the io thread with the bearer token; compares in constant time.
  std::function<std::optional<KeyInfo>(std::string_view)> authenticate = {};
  double requests_per_second = 0;  // of each key; 0: no limit
  int request_burst = 100;
  std::map<std::string, ReceiptSource> receipt_sources = {};  // by carrier
  std::function<std::string()> metrics = {};
  std::function<Readiness()> readiness = {};
  std::function<StatusPage()> status = {};
  std::string openapi = {};
  IntakeLimits intake = {};

  bool keys_needed() const { return keys_required && keys_required(); }
};

class Api final : public Handler {
 public:
  Api(const Services& services, Intake& intake, Server& server);

  /// For resources that are added from outside; before the server starts.
  Router& router() { return router_; }

  Choice choose(const Head& head) override;
  void answered(std::string_view route, Method method, unsigned status,
                std::chrono::milliseconds took) override;

 private:
  std::variant<KeyInfo, Response> identify(const Head& head, Access access) const;
  bool worth_a_line(unsigned status);

  const Services& services_;
  Router router_;
  TokenBuckets buckets_;
  std::chrono::steady_clock::time_point second_{};  // in which refusals are being logged
  int lines_this_second_ = 0;
};

/// The service's whole HTTP side.
class HttpService {
 public:
  /// Throws std::invalid_argument when it would serve the world without keys, and
  /// CantListen when it can't listen. `more_routes` may add resources.
  HttpService(const ListenAddress& address, const Limits& limits, Services services,
              const std::function<void(Router&)>& more_routes = {});
  ~HttpService();
  HttpService(const HttpService&) = delete;
  HttpService& operator=(const HttpService&) = delete;

  std::uint16_t port() const { return server_->port(); }
  /// See Server::stop(). Events that were taken are committed before it returns.
  bool stop(std::chrono::milliseconds grace);

 private:
  Services services_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<Api> api_;
};

}  // namespace postrider::adapters::http
