// The HTTP API over the pipeline: it checks who may call and how often, and finds the resource that
// answers. Api works on the io thread; HttpService owns server, intake and API, and is for one
// thread. A program that needs the answers without a server uses in_process.hpp.
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

/// A look-up of a request's field by name; empty where the request has no such field.
using HeaderLookup = std::function<std::string_view(std::string_view)>;
/// The result of a request whose signature is missing or wrong.
struct SignatureInvalid {};
using ParsedReceipts = std::variant<message::ReceiptBatch, message::FieldError, SignatureInvalid>;
/// A reader of a carrier's receipts, which first checks the signature over the raw body. Called by
/// several threads at once.
using ReceiptParser = std::function<ParsedReceipts(std::string_view body, const HeaderLookup&)>;

/// A carrier that may post receipts.
struct ReceiptSource {
  ReceiptParser parse;
  /// False: `parse` checks no signature. Such receipts are taken only while no API keys are needed,
  /// and only from programs on this machine.
  bool is_signed = true;
};

/// The answer to /readyz.
struct Readiness {
  std::vector<std::string> problems;  // codes; empty: ready
};

/// The contents of the page at "/".
struct StatusPage {
  std::string version;
  std::string store;
  std::string carrier;
  std::string mail;
  bool simulated = false;  // no SMS reaches a phone
};

/// Everything that the API uses. References and functions must outlive the API and be thread-safe.
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
  /// True: every request under /v1 needs a key. False, or an empty function: the server must listen
  /// on loopback only, and a request without a key is of the live shop `default_shop`. Called for
  /// each request, because keys may be added while the service runs.
  std::function<bool()> keys_required = {};
  std::string default_shop = "default";
  /// The key of a bearer token; nullopt for an unknown one. Called on the io thread; has to compare
  /// in constant time.
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

/// The handler that the server calls.
class Api final : public Handler {
 public:
  Api(const Services& services, Intake& intake, Server& server);

  /// The routes, to which resources may be added before the server starts.
  Router& router() { return router_; }

  Choice choose(const Head& head) override;
  void answered(std::string_view route, Method method, unsigned status,
                std::chrono::milliseconds took) override;

 private:
  std::variant<KeyInfo, Response> identify(const Head& head, Access access) const;
  bool may_log(unsigned status);

  const Services& services_;
  Router router_;
  TokenBuckets buckets_;
  std::chrono::steady_clock::time_point second_{};  // of `lines_this_second_`
  int lines_this_second_ = 0;                       // of refusals
};

/// A running HTTP service: server, intake and API together.
class HttpService {
 public:
  /// Listens and serves. Throws std::invalid_argument when other machines could call it and no key
  /// is needed, and CantListen. `more_routes` may add resources.
  HttpService(const ListenAddress& address, const Limits& limits, Services services,
              const std::function<void(Router&)>& more_routes = {});
  ~HttpService();
  HttpService(const HttpService&) = delete;
  HttpService& operator=(const HttpService&) = delete;

  std::uint16_t port() const { return server_->port(); }
  /// Stops as Server::stop() does. Events that were taken are committed before it returns.
  bool stop(std::chrono::milliseconds grace);

 private:
  Services services_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<Api> api_;
};

}  // namespace postrider::adapters::http
