#include "programs/serve/local_service.hpp"

#include "programs/serve/providers.hpp"
#include "settings/price_file.hpp"
#include "settings/template_file.hpp"

namespace postrider::programs {
namespace {

using adapters::sqlite::Database;

std::unique_ptr<Database> open_database(const settings::Config& config, OpenMode opening) {
  auto opened = opening == OpenMode::service ? Database::open_service(config.data)
                                             : Database::open_reader(config.data);
  if (!opened) throw Refused{opened.error().what};
  return std::move(*opened);
}

std::unique_ptr<message::QuietHours> quiet_hours_of(const settings::Config& config) {
  const auto span = settings::quiet_span(config);
  return span ? std::make_unique<message::QuietHours>(*span) : nullptr;
}

pipeline::SmsRules rules_of(const settings::Config& config,
                            const message::QuietHours* quiet_hours) {
  pipeline::SmsRules rules;
  rules.default_region = config.shop.region;
  rules.to_fixed_lines = config.sms.fixed_lines == "send";
  rules.promotional = settings::promotional_statuses(config);
  rules.quiet_hours = quiet_hours;
  return rules;
}

}  // namespace

message::Composer::Settings composer_settings(const settings::Config& config) {
  return {.shop_name = config.shop.name,
          .locale = config.shop.locale,
          .tracking_link = config.shop.tracking_link,
          .carrier = config.sms.carrier,
          .countries = settings::sms_countries(config),
          .max_price =
              config.sms.max_price.micros > 0 ? std::optional{config.sms.max_price} : std::nullopt};
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
                           ports::Telemetry& telemetry, OpenMode opening)
    : database{open_database(config, opening)},
      store{*database},
      query{*database},
      inbox{*database},
      customers{*database},
      allowance{*database, config.sms.parts_per_second},
      audit{*database},
      costs{*database},
      templates{settings::templates_of(config)},
      prices{settings::prices_of(config)},
      composer{templates, prices, composer_settings(config)},
      quiet_hours{quiet_hours_of(config)},
      orders{{store, customers, signal, clock, telemetry},
             composer,
             rules_of(config, quiet_hours.get()),
             settings::policy_of(config)},
      tracker{{store, inbox, customers, signal, clock, telemetry},
              settings::policy_of(config),
              [this](std::string code) { sender.hold(std::move(code)); }},
      telemetry_{telemetry},
      simulator_{std::make_unique<adapters::simulator::SimulatedSmsCarrier>(
          network_of(config), clock, [this](auto receipts) { take_receipts(receipts); })},
      http_carrier_{http_carrier_of(config, clock)},
      outbox_{outbox_of(config, clock)},
      smtp_{smtp_of(config, clock)},
      test_mailer_{*outbox_,
                   [this, &clock](const std::string& address) {
                     const ports::BlockedAddress blocked{address, "complaint", clock.now()};
                     if (!customers.block({&blocked, 1}))
                       telemetry_.log(ports::Level::error, "address_not_blocked", {});
                   }},
      sender{{store, query, customers, allowance,
              http_carrier_ ? static_cast<ports::SmsCarrier&>(*http_carrier_) : *simulator_,
              *simulator_, signal, clock, telemetry},
             tracker,
             {config.sms.sender_id,
              config.sms.batch,
              {config.sms.per_number, config.sms.per_prefix, config.sms.per_country}},
             settings::policy_of(config)},
      fallback{{store, query, customers, smtp_ ? static_cast<ports::Mailer&>(*smtp_) : *outbox_,
                test_mailer_, clock, telemetry},
               {config.email.from, config.email.unsubscribe_url, config.shop.name},
               settings::policy_of(config),
               config.email.batch},
      sweeper{{store, query, inbox, allowance, signal, clock, telemetry},
              tracker,
              settings::policy_of(config)},
      dead_letters{{store, customers, audit, signal, clock}, settings::policy_of(config)} {}

LocalService::~LocalService() { simulator_->stop(); }

void LocalService::take_receipts(std::span<const domain::Receipt> receipts) {
  // The simulator does not come again with a receipt, so a full disk is waited for, a while.
  for (int tries = 0; tries < 100; ++tries) {
    if (tracker.apply(receipts)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  telemetry_.log(ports::Level::error, "receipts_not_stored",
                 {{ports::Field::count, static_cast<std::int64_t>(receipts.size())}});
}

void LocalService::stop_carriers() {
  constexpr int max_waits = 40;  // two seconds: simulated receipts come within one
  for (int i = 0; i < max_waits && simulator_->receipts_waiting() > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  simulator_->stop();
}

}  // namespace postrider::programs
