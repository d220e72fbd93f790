#include "programs/serve/local_service.hpp"

#include <csignal>

#include "adapters/simulator/complaint_block.hpp"
#include "programs/delivery_settings.hpp"
#include "programs/outcome.hpp"
#include "programs/serve/providers.hpp"

namespace postrider::programs {
namespace {

using adapters::sqlite::Database;

/// True where the process blocks the signals that stop it, as a service does, and one has come.
bool stop_is_pending() {
  sigset_t pending;
  return ::sigpending(&pending) == 0 &&
         (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
}

/// Where, what, and what to do. The errors of other kinds name a file themselves.
std::string unopened(const settings::Config& config, const domain::Error& error) {
  const auto advice = advice_on(error.kind);
  if (advice.empty()) return error.what;
  return settings::database_path(config) + ": " + error.what + "; " + std::string{advice};
}

std::unique_ptr<Database> open_database(const settings::Config& config, OpenMode mode,
                                        ports::Telemetry& telemetry) {
  const auto report = [&](std::int64_t done, std::int64_t total) {
    telemetry.log(ports::Level::info, "database_upgrading",
                  {{ports::Field::count, done}, {ports::Field::total, total}});
    return !stop_is_pending();
  };
  auto opened = mode == OpenMode::service ? Database::open_service(config.data, report)
                                          : Database::open_reader(config.data);
  if (!opened) throw Refused{unopened(config, opened.error())};
  return std::move(*opened);
}

}  // namespace

std::string_view advice_on(domain::ErrorKind kind) {
  switch (kind) {
    case domain::ErrorKind::storage_full: return "make room and start again";
    case domain::ErrorKind::too_new: return "install that program again";
    case domain::ErrorKind::corrupt: return "restore a backup";
    default: return {};
  }
}

adapters::simulator::NetworkSettings network_of(const settings::Config& config) {
  const auto& s = config.simulator;
  adapters::simulator::NetworkSettings network;
  network.seed = static_cast<std::uint64_t>(s.seed);
  network.latency = s.latency;
  network.receipt_min = s.receipt_delay / 10;
  network.receipt_max = s.receipt_delay;
  network.late_by = s.late_by;
  network.loss = s.loss;
  network.refuse_temporary = s.refuse_temporary;
  network.refuse_for_good = s.refuse_for_good;
  network.throttle = s.throttle;
  network.unknown = s.unknown;
  network.duplicate_receipts = s.duplicate_receipts;
  network.early_receipts = s.early_receipts;
  network.late_receipts = s.late_receipts;
  return network;
}

LocalService::LocalService(const settings::Config& config, ports::Clock& clock,
                           ports::Telemetry& telemetry, OpenMode mode)
    : database{open_database(config, mode, telemetry)},
      store{*database, &telemetry},
      query{*database, &telemetry},
      inbox{*database},
      customers{*database},
      allowance{*database, config.sms.parts_per_second},
      audit{*database},
      costs{*database},
      shop{config},
      signing_keys{std::make_shared<adapters::http_carrier::SigningKeys>(signing_keys_of(config))},
      telemetry_{telemetry},
      simulator_{std::make_unique<adapters::simulator::SimulatedSmsCarrier>(
          network_of(config), clock, [this](auto receipts) { take_receipts(receipts); })},
      http_carrier_{http_carrier_of(config, clock, signing_keys)},
      outbox_{outbox_of(config, clock)},
      smtp_{smtp_of(config, clock)},
      test_mailer_{*outbox_, adapters::simulator::block_on_complaint(customers, clock, telemetry)},
      pipeline{storage(),     channels(), {signal, clock, telemetry, line_hold_},
               shop.composer, shop.rules, delivery_settings(config)} {}

pipeline::Channels LocalService::channels() {
  return {http_carrier_ ? static_cast<ports::SmsCarrier&>(*http_carrier_) : *simulator_,
          *simulator_, smtp_ ? static_cast<ports::Mailer&>(*smtp_) : *outbox_, test_mailer_};
}

LocalService::~LocalService() {
  stopping_ = true;
  simulator_->stop();
}

void LocalService::take_receipts(std::span<const domain::Receipt> receipts) {
  // The simulator gives a receipt only once, so that storing it is tried until the service stops,
  // for example while the disk is full.
  constexpr std::chrono::milliseconds pause{50};
  while (!pipeline.tracker.apply(receipts)) {
    if (stopping_ || signal.stopping()) {
      telemetry_.log(ports::Level::error, "receipts_not_stored",
                     {{ports::Field::count, static_cast<std::int64_t>(receipts.size())}});
      return;
    }
    std::this_thread::sleep_for(pause);
  }
}

void LocalService::take_secrets(const settings::Config& config) {
  auto keys = signing_keys_of(config);
  auto password = smtp_password_of(config);
  if (!keys.empty()) signing_keys->replace(std::move(keys));
  if (smtp_) smtp_->set_password(std::move(password));
}

void LocalService::stop_carriers() {
  constexpr int max_waits = 40;  // two seconds: simulated receipts come within one
  for (int i = 0; i < max_waits && simulator_->receipts_waiting() > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  stopping_ = true;
  simulator_->stop();
}

}  // namespace postrider::programs
