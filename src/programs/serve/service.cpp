#include "programs/serve/service.hpp"

#include "adapters/http/api/api.hpp"

#include <csignal>
#include <iostream>
#include <nlohmann/json.hpp>

#include "adapters/http_carrier/receipt_json.hpp"
#include "adapters/http_carrier/signature.hpp"
#include "adapters/telemetry/json_telemetry.hpp"
#include "concurrency/mutex.hpp"
#include "programs/outcome.hpp"
#include "programs/serve/api_keys.hpp"
#include "programs/serve/local_service.hpp"
#include "programs/serve/mail_advice.hpp"
#include "programs/serve/openapi_text.hpp"
#include "programs/serve/reload.hpp"
#include "programs/store_access/services.hpp"
#include "programs/system_clock.hpp"
#include "programs/terminal.hpp"
#include "programs/version.hpp"

namespace postrider::programs {
namespace {

using adapters::http::HttpService;
using adapters::telemetry::Gauge;
using adapters::telemetry::JsonTelemetry;
using ports::Field;
using ports::Level;

constexpr std::chrono::milliseconds stop_grace{10'000};

Level level_of(const std::string& name) {
  for (const auto level : {Level::debug, Level::info, Level::warning, Level::error})
    if (ports::name(level) == name) return level;
  return Level::info;
}

/// A thread that runs the sweeper at an interval, until the destructor ends it.
class SweepThread {
 public:
  SweepThread(pipeline::Sweeper& sweeper, domain::Milliseconds every)
      : thread_{[this, &sweeper, every] {
          concurrency::Lock lock{mutex_};
          while (!stopping_) {
            lock.unlock();
            const auto swept = sweeper.sweep();  // logs what fails
            lock.lock();
            if (!swept || !swept->more)
              changed_.wait_for(lock, every, [this]() REQUIRES(mutex_) { return stopping_; });
          }
        }} {}

  ~SweepThread() {
    {
      const concurrency::Lock lock{mutex_};
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

 private:
  concurrency::Mutex mutex_;
  concurrency::ConditionVariable changed_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

std::vector<Gauge> gauges(LocalService& local, ports::Clock& clock) {
  std::vector<Gauge> result;
  if (auto counts = local.query.counts())
    for (const auto& [state, n] : *counts)
      result.push_back({"notifications", "Notifications in a state.", "state",
                        std::string{domain::name(state)}, static_cast<double>(n)});
  if (auto budget = local.allowance.budget(domain::month_of(clock.now()))) {
    result.push_back({"spent_micros", "Spent this month (UTC), in millionths.", "", "",
                      static_cast<double>(budget->spent.micros)});
    result.push_back({"reserved_micros", "Reserved this month (UTC), in millionths.", "", "",
                      static_cast<double>(budget->reserved.micros)});
  }
  result.push_back({"line_closed",
                    "1 while no SMS is sent, because the carrier refuses all or can't be reached.",
                    "", "", local.pipeline.sms.breaker_code().empty() ? 0.0 : 1.0});
  result.push_back({"mail_line_closed",
                    "1 while no e-mail is sent, because the mail server can't be reached.", "", "",
                    local.pipeline.fallback.breaker_code().empty() ? 0.0 : 1.0});
  return result;
}

adapters::http::ReceiptSource http_receipts(const LocalService& local, ports::Clock& clock) {
  const bool is_signed = !local.signing_keys->all().empty();
  return {
      [keys = local.signing_keys, is_signed, &clock](
          std::string_view body,
          const adapters::http::HeaderLookup& header) -> adapters::http::ParsedReceipts {
        const adapters::http_carrier::SignatureHeaders signature{
            header("webhook-id"), header("webhook-timestamp"), header("webhook-signature")};
        if (is_signed && !adapters::http_carrier::verify(keys->all(), signature, body, clock.now()))
          return adapters::http::SignatureInvalid{};
        auto parsed = adapters::http_carrier::parse_receipts(body, "http", clock.now());
        if (auto* error = std::get_if<message::FieldError>(&parsed)) return std::move(*error);
        return std::get<message::ReceiptBatch>(std::move(parsed));
      },
      is_signed};
}

adapters::http::Services services_of(const settings::Config& config, LocalService& local,
                                     KeyRing& keys, ports::Clock& clock, JsonTelemetry& telemetry) {
  auto services = services_over(local.pipeline, local.storage(), local.costs, local.shop.composer,
                                clock, telemetry, config);
  services.keys_required = [&keys] { return keys.required(); };
  services.authenticate = [&keys, shop = config.shop.id](
                              std::string_view bearer) -> std::optional<adapters::http::KeyInfo> {
    auto key = keys.find(bearer);
    if (!key) return std::nullopt;
    return adapters::http::KeyInfo{key->name, key->shop.empty() ? shop : key->shop, key->kind};
  };
  services.requests_per_second = config.http.requests_per_second;
  services.receipt_sources["http"] = http_receipts(local, clock);
  services.metrics = [&telemetry] { return telemetry.metrics(); };
  services.readiness = [&local] {
    adapters::http::Readiness readiness;
    if (!local.query.counts()) readiness.problems.emplace_back("store");
    if (!local.pipeline.sms.breaker_code().empty()) readiness.problems.emplace_back("carrier_line");
    return readiness;
  };
  services.status = [config] {
    return adapters::http::StatusPage{
        version, settings::database_path(config), config.sms.carrier,
        config.email.mailer == "outbox" ? settings::outbox_path(config) : config.email.mailer,
        config.sms.carrier == "simulator"};
  };
  services.openapi = openapi_text();
  return services;
}

std::unique_ptr<JsonTelemetry> open_log(const settings::LoadedConfig& loaded, ports::Clock& clock) {
  const auto& config = loaded.config;
  try {
    return std::make_unique<JsonTelemetry>(
        adapters::telemetry::LogSettings{config.log.file, level_of(config.log.level)}, clock);
  } catch (const std::exception& e) {
    throw UsageError{settings::place_of(loaded, "log.file") + "log.file: " + e.what()};
  }
}

/// Prints the first lines: the address of the service, its store, carrier, mailer and keys. For
/// programs, one line of JSON.
void print_start(const settings::Config& config, const KeyRing& keys, const std::string& url,
                 bool as_json) {
  const bool outbox = config.email.mailer == "outbox";
  const std::string mail = outbox ? settings::outbox_path(config) : config.smtp.host;
  if (as_json) {
    std::cout << dump({{"version", version},
                       {"url", url},
                       {"store", settings::database_path(config)},
                       {"carrier", config.sms.carrier},
                       {"mail", mail},
                       {"keys", keys.size()},
                       {"keys_required", keys.required()}})
              << std::endl;
    return;
  }
  std::cout << "Postrider " << version << " listening on " << url << "\n"
            << "  store    " << settings::database_path(config) << "\n"
            << "  carrier  " << config.sms.carrier
            << (config.sms.carrier == "simulator" ? " (built in: no SMS reaches a phone)" : "")
            << "\n"
            << "  mail     " << mail << (outbox ? " (.eml files: no mail is sent)" : "") << "\n"
            << "  keys     "
            << (keys.required() ? std::to_string(keys.size()) + " in use"
                                : "none: only this machine can connect")
            << std::endl;
}

/// Says what stops no start and is yet not as it should be.
void warn_at_start(const settings::LoadedConfig& loaded, ports::Telemetry& telemetry) {
  for (const auto& gone : loaded.gone) {
    std::cerr << "postrider: " << gone << std::endl;
    telemetry.log(Level::warning, "setting_gone", {{Field::reason, std::string_view{gone}}});
  }
  for (const auto& advice : mail_advice(loaded.config)) {
    std::cerr << "postrider: " << advice.finding << "; " << advice.todo << std::endl;
    telemetry.log(Level::warning, "mail_settings",
                  {{Field::reason, std::string_view{advice.finding}}});
  }
}

sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int s : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, s);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

std::unique_ptr<HttpService> listen_on(const adapters::http::ListenAddress& address,
                                       const adapters::http::Limits& limits,
                                       adapters::http::Services services) {
  try {
    return std::make_unique<HttpService>(address, limits, std::move(services));
  } catch (const adapters::http::CantListen& e) {
    throw Refused{std::string{e.what()} + "; choose another address by --listen HOST:PORT"};
  }
}

/// Returns at SIGTERM or SIGINT. Reloads at each SIGHUP.
void wait_for_stop(const sigset_t& signals, Reload& reload) {
  while (true) {
    int got = 0;
    if (sigwait(&signals, &got) != 0 || got != SIGHUP) return;
    reload.run();
  }
}

}  // namespace

int serve(const settings::ConfigSources& sources, const settings::LoadedConfig& loaded, bool json) {
  const settings::Config& config = loaded.config;
  // Before any thread starts, so that every thread inherits the mask and sigwait gets all signals.
  const sigset_t signals = block_signals();
  std::signal(SIGPIPE, SIG_IGN);
  SystemClock clock;
  const auto opened = open_log(loaded, clock);
  JsonTelemetry& telemetry = *opened;
  KeyRing keys{settings::keys_path(config)};
  if (const auto read = keys.reload(); !read) throw UsageError{read.error().what};
  const auto address = adapters::http::parse_listen_address(config.listen);
  if (!address) throw UsageError{"listen: expected HOST:PORT"};

  LocalService local{config, clock, telemetry};
  telemetry.add_gauges([&local, &clock] { return gauges(local, clock); });
  if (const auto rescued = local.pipeline.sweeper.rescue_at_start(); !rescued)
    throw Refused{rescued.error().what};

  Workers workers{local.signal, telemetry};
  adapters::http::Limits limits;
  limits.connections = config.http.max_connections;
  limits.connections_per_address = config.http.per_address;
  const auto http = listen_on(*address, limits, services_of(config, local, keys, clock, telemetry));
  local.pipeline.sms.when_ended([&local] { local.signal.end_one(domain::Channel::sms); });
  workers.add("sms", domain::Channel::sms, config.sms.workers,
              [&local] { return local.pipeline.due_sms.send_due(); });
  workers.add("email", domain::Channel::email, config.email.workers,
              [&local] { return local.pipeline.fallback.send_due(); });
  {
    const SweepThread sweeping{local.pipeline.sweeper, config.sweep_every};
    warn_at_start(loaded, telemetry);
    print_start(config, keys, "http://" + address->host + ":" + std::to_string(http->port()), json);
    telemetry.log(Level::info, "started", {{Field::version, version}, {Field::port, http->port()}});
    Reload reload{sources, loaded, keys, [&] { local.take_secrets(config); }, telemetry};
    wait_for_stop(signals, reload);
    telemetry.log(Level::info, "stopping", {});
    // The order of the end: no new events, then the claimed messages are finished, then the
    // receipts are taken.
    if (!http->stop(stop_grace)) telemetry.log(Level::warning, "requests_cut", {});
    local.pipeline.fallback.stop();
    workers.stop();
    local.pipeline.fallback.wait_until_ended();
    local.pipeline.sms.wait_until_ended();
    // So are outcomes that could not be stored before, for example because of a full disk.
    if (!local.pipeline.sms.flush()) telemetry.log(Level::error, "outcomes_lost", {});
    local.stop_carriers();
  }
  telemetry.log(Level::info, "stopped", {});
  return exit_done;
}

}  // namespace postrider::programs
