#include "programs/simulator/simulator_command.hpp"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "adapters/http/server/server.hpp"
#include "adapters/http_carrier/signature.hpp"
#include "adapters/simulator/ledger.hpp"
#include "domain/delivery/receipt_limits.hpp"
#include "programs/outcome.hpp"
#include "programs/simulator/simulator_receipts.hpp"
#include "programs/system_clock.hpp"
#include "settings/config.hpp"

namespace postrider::programs {
namespace {

namespace asio = boost::asio;
namespace http = adapters::http;
namespace carrier = adapters::http_carrier;
namespace sim = adapters::simulator;
using json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds early_gap{50};  // from an early receipt to the answer
constexpr std::chrono::seconds carrier_stop_grace{2};

/// A message that a service submits.
struct Submission {
  domain::NotificationId reference;
  int attempt = 0;
  int segments = 1;
  std::string to;
};

std::optional<Submission> read_submission(const std::string& body) {
  const json parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  const auto text = [&parsed](const char* key) {
    const auto found = parsed.find(key);
    return found != parsed.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  const auto number = [&parsed](const char* key, int otherwise) {
    const auto found = parsed.find(key);
    return found != parsed.end() && found->is_number_integer() ? found->get<int>() : otherwise;
  };
  const auto reference = domain::parse_notification_id(text("reference"));
  Submission submission{reference.value_or(domain::NotificationId{}), number("attempt", 1),
                        number("segments", 1), text("to")};
  if (!reference || submission.to.empty() || text("text").empty() || submission.segments < 1 ||
      submission.segments > domain::max_segments)
    return std::nullopt;
  return submission;
}

http::Response refused(unsigned status, std::string_view code, bool permanent,
                       bool opted_out = false) {
  http::Response response;
  response.status = status;
  response.body = json{{"code", code}, {"permanent", permanent}, {"opted_out", opted_out}}.dump();
  return response;
}

http::Response answer_of(const Submission& submission, const sim::Verdict& verdict) {
  switch (verdict.answer) {
    case sim::Answer::accepted: {
      http::Response response;
      response.status = 202;
      response.body =
          json{{"message_id", sim::message_id(submission.reference, submission.attempt)}}.dump();
      return response;
    }
    case sim::Answer::refused_temporary: return refused(409, verdict.code, false);
    case sim::Answer::refused_for_good: return refused(422, verdict.code, true);
    case sim::Answer::opted_out: return refused(422, verdict.code, true, true);
    case sim::Answer::throttled: {
      auto response = refused(429, verdict.code, false);
      const auto seconds = std::chrono::ceil<std::chrono::seconds>(verdict.retry_after).count();
      response.headers.emplace_back("Retry-After", std::to_string(seconds));
      return response;
    }
    case sim::Answer::unknown: break;
  }
  http::Response cut;
  cut.cut = true;
  return cut;
}

/// The HTTP API of the simulated carrier. All its handlers run on the io thread, so that the meter
/// and the timers need no lock.
class SimulatedCarrierSite : public http::Handler {
 public:
  SimulatedCarrierSite(const sim::NetworkSettings& network, sim::Ledger& ledger,
                       SimulatorReceipts& receipts, std::string key)
      : network_{network},
        meter_{network.throttle_above},
        ledger_{ledger},
        receipts_{receipts},
        key_{std::move(key)} {}

  http::Choice choose(const http::Head& head) override {
    if (head.path == "/v1/messages" && head.method == http::Method::post)
      return {"/v1/messages",
              http::AsyncHandler{[this](http::Request& request) { return submit(request); }}};
    if (head.path == "/ledger/summary" && head.method == http::Method::get)
      return {"/ledger/summary", summary()};
    if (head.path == "/healthz") return {"/healthz", http::Response{}};
    return {"", refused(404, "not_found", true)};
  }

 private:
  asio::awaitable<http::Response> submit(http::Request& request) {
    if (!has_valid_signature(request)) co_return refused(401, "bad_signature", true);
    const auto submission = read_submission(request.body);
    if (!submission) co_return refused(400, "bad_request", true);
    const sim::Verdict verdict = judge(*submission);
    const sim::LedgerEntry entry{wall_now(),     submission->reference, submission->attempt,
                                 submission->to, submission->segments,  verdict.answer};
    const auto entered = ledger_.append({&entry, 1});
    if (!entered) co_return refused(507, "ledger_failed", false);
    if (plan_receipts(*submission, verdict, true)) co_await pause(early_gap);
    if (verdict.latency.count() > 0) co_await pause(verdict.latency);
    plan_receipts(*submission, verdict, false);
    co_return answer_of(*submission, verdict);
  }

  bool has_valid_signature(const http::Request& request) const {
    if (key_.empty()) return true;
    const carrier::SignatureHeaders headers{request.head.field("webhook-id"),
                                            request.head.field("webhook-timestamp"),
                                            request.head.field("webhook-signature")};
    return carrier::verify({&key_, 1}, headers, request.body, wall_now());
  }

  sim::Verdict judge(const Submission& submission) {
    auto verdict = network_.judge(submission.to, submission.reference, submission.attempt);
    if (meter_.admit(wall_now(), submission.segments)) return verdict;
    return {
        sim::Answer::throttled, "throttled", verdict.latency, network_.settings().retry_after, {}};
  }

  /// Plans the early or the other receipts. True when there was any.
  bool plan_receipts(const Submission& submission, const sim::Verdict& verdict, bool early) {
    bool any = false;
    for (const auto& receipt : verdict.receipts) {
      if (receipt.early != early) continue;
      receipts_.add(sim::message_id(submission.reference, submission.attempt), submission.segments,
                    receipt);
      any = true;
    }
    return any;
  }

  asio::awaitable<void> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer{co_await asio::this_coro::executor, time};
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  http::Response summary() const {
    const auto s = ledger_.summary();
    http::Response response;
    response.body =
        json{{"submissions", s.submissions}, {"accepted", s.accepted}, {"unknown", s.unknown},
             {"refused", s.refused},         {"segments", s.segments}, {"references", s.references},
             {"doubled", s.doubled}}
            .dump();
    return response;
  }

  sim::SimulatedNetwork network_;
  sim::PartsMeter meter_;
  sim::Ledger& ledger_;
  SimulatorReceipts& receipts_;
  std::string key_;
};

std::string read_key(const SimulatorOptions& options) {
  if (options.secret_file.empty()) return {};
  const auto key =
      carrier::parse_secret(settings::read_secret("--secret-file", options.secret_file));
  if (!key) throw UsageError{"--secret-file: a secret is \"whsec_\" and 24 to 64 octets in base64"};
  return *key;
}

/// An option for a share of the messages.
struct ShareOption {
  const char* option;
  double sim::NetworkSettings::*field;
  const char* help;
};

constexpr std::array shares{
    ShareOption{"--refuse-temporary", &sim::NetworkSettings::refuse_temporary, "refused for now"},
    ShareOption{"--refuse-for-good", &sim::NetworkSettings::refuse_for_good, "refused for good"},
    ShareOption{"--opted-out", &sim::NetworkSettings::opted_out, "refused as opted out"},
    ShareOption{"--throttle", &sim::NetworkSettings::throttle, "answered 429"},
    ShareOption{"--unknown", &sim::NetworkSettings::unknown,
                "connection cut instead of an answer; half of these SMS go out"},
    ShareOption{"--loss", &sim::NetworkSettings::loss, "accepted without any final receipt"},
    ShareOption{"--fail-temporary", &sim::NetworkSettings::fail_temporary,
                "receipt that says unreachable"},
    ShareOption{"--fail-for-good", &sim::NetworkSettings::fail_for_good,
                "receipt that says blocked"},
    ShareOption{"--carrier-proof", &sim::NetworkSettings::carrier_proof,
                "receipt that proves the carrier, not the handset"},
    ShareOption{"--accepted-first", &sim::NetworkSettings::accepted_first,
                "first a receipt that is not final"},
    ShareOption{"--duplicate-receipts", &sim::NetworkSettings::duplicate_receipts,
                "the same receipt twice"},
    ShareOption{"--early-receipts", &sim::NetworkSettings::early_receipts,
                "receipt before the answer"},
    ShareOption{"--late-receipts", &sim::NetworkSettings::late_receipts,
                "receipt after --late-by-ms"},
};

/// An option for a time.
struct TimeOption {
  const char* option;
  domain::Milliseconds sim::NetworkSettings::*field;
  const char* help;
};

constexpr std::array times{
    TimeOption{"--latency-ms", &sim::NetworkSettings::latency, "wait before each answer"},
    TimeOption{"--latency-jitter-ms", &sim::NetworkSettings::latency_jitter,
               "longest addition to --latency-ms"},
    TimeOption{"--receipt-min-ms", &sim::NetworkSettings::receipt_min,
               "shortest wait for a receipt"},
    TimeOption{"--receipt-max-ms", &sim::NetworkSettings::receipt_max,
               "longest wait for a receipt"},
    TimeOption{"--late-by-ms", &sim::NetworkSettings::late_by, "how late a late receipt is"},
    TimeOption{"--retry-after-ms", &sim::NetworkSettings::retry_after, "wait that a 429 asks for"},
};

void add_network_options(CLI::App& command, sim::NetworkSettings& network) {
  for (const auto& share : shares)
    command.add_option(share.option, network.*share.field, std::string{"share: "} + share.help)
        ->check(CLI::Range(0.0, 1.0));
  for (const auto& time : times) {
    auto& field = network.*time.field;
    command
        .add_option_function<std::int64_t>(
            time.option, [&field](std::int64_t ms) { field = domain::Milliseconds{ms}; },
            std::string{"milliseconds: "} + time.help)
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{86'400'000}));
  }
  command.add_option("--throttle-above", network.throttle_above,
                     "parts in any second above which the answer is 429; 0: no limit");
  command.add_option("--seed", network.seed,
                     "start of the random numbers; the same seed gives the same behaviour");
}

}  // namespace

int run_simulator(const SimulatorOptions& options) {
  const auto address = http::parse_listen_address(options.listen);
  if (!address) throw UsageError{"--listen: HOST:PORT is expected"};
  const std::string key = read_key(options);
  // Before any thread starts, so that no thread takes the signals.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  sim::Ledger ledger;
  if (!options.ledger.empty()) {
    const auto opened = ledger.open(options.ledger);
    if (!opened) throw Refused{opened.error().what};
  }
  SimulatorReceipts receipts{options.receipts_to, key};
  SimulatedCarrierSite site{options.network, ledger, receipts, key};
  try {
    http::Server server{*address};
    server.start(site);
    std::cout << "carrier simulator listening on http://" << address->host << ":" << server.port()
              << std::endl;
    int signal = 0;
    sigwait(&signals, &signal);
    server.stop(carrier_stop_grace);
  } catch (const http::CantListen& error) {
    throw Refused{error.what()};
  }
  return exit_done;
}

void add_simulator_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SimulatorOptions>();
  auto* command = app.add_subcommand("simulator", "Run a simulated carrier, for tests");
  command->add_option("--listen", options->listen, "HOST:PORT; port 0: any free port")
      ->capture_default_str();
  command->add_option("--ledger", options->ledger, "file with a line for each submission");
  command->add_option("--receipts-to", options->receipts_to, "URL that receipts are posted to");
  command->add_option("--secret-file", options->secret_file,
                      "file (mode 0600) with the whsec_ secret for submissions and receipts");
  add_network_options(*command, options->network);
  command->callback([options, &exit_code] { exit_code = run_simulator(*options); });
}

}  // namespace postrider::programs
