// Everything of one machine but the threads and the HTTP side: the store, the carrier, the mailer
// and the five stages over them, built from the configuration. `serve`, the local import, the demo
// and the benchmarks use the same wiring.
#pragma once

#include <memory>
#include <string>

#include "adapters/http_carrier/sms_carrier.hpp"
#include "adapters/simulator/simulated_mailer.hpp"
#include "adapters/simulator/simulated_sms_carrier.hpp"
#include "adapters/smtp/outbox_mailer.hpp"
#include "adapters/smtp/smtp_mailer.hpp"
#include "adapters/sqlite/allowance.hpp"
#include "adapters/sqlite/audit_log.hpp"
#include "adapters/sqlite/cost_book.hpp"
#include "adapters/sqlite/customer_directory.hpp"
#include "adapters/sqlite/notification_query.hpp"
#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/receipt_inbox.hpp"
#include "pipeline/dead_letters.hpp"
#include "pipeline/delivery_tracker.hpp"
#include "pipeline/email_fallback.hpp"
#include "pipeline/order_processor.hpp"
#include "pipeline/sms_sender.hpp"
#include "pipeline/sweeper.hpp"
#include "programs/serve/workers.hpp"
#include "programs/system_clock.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

enum class OpenMode : std::uint8_t {
  service,  // the one that may write
  reader,   // beside a service or without one; every change is an Error
};

class LocalService {
 public:
  /// Throws Refused with one clear line.
  LocalService(const settings::Config& config, ports::Clock& clock, ports::Telemetry& telemetry,
               OpenMode opening = OpenMode::service);
  ~LocalService();

  /// Waits for receipts that the built-in simulator still owes, then stops it. Workers must have
  /// stopped before.
  void stop_carriers();

  WakeSignal signal;
  std::unique_ptr<adapters::sqlite::Database> database;
  adapters::sqlite::SqliteNotificationStore store;
  adapters::sqlite::SqliteNotificationQuery query;
  adapters::sqlite::SqliteReceiptInbox inbox;
  adapters::sqlite::SqliteCustomerDirectory customers;
  adapters::sqlite::SqliteAllowance allowance;
  adapters::sqlite::SqliteAuditLog audit;
  adapters::sqlite::SqliteCostBook costs;
  message::Templates templates;
  message::PriceTable prices;
  message::Composer composer;
  std::unique_ptr<message::QuietHours> quiet_hours;  // null: none
  pipeline::OrderProcessor orders;
  pipeline::DeliveryTracker tracker;

 private:
  void take_receipts(std::span<const domain::Receipt> receipts);
  ports::Telemetry& telemetry_;
  std::unique_ptr<adapters::simulator::SimulatedSmsCarrier> simulator_;
  std::unique_ptr<adapters::http_carrier::HttpSmsCarrier> http_carrier_;
  std::unique_ptr<adapters::smtp::OutboxMailer> outbox_;
  std::unique_ptr<adapters::smtp::SmtpMailer> smtp_;
  adapters::simulator::SimulatedMailer test_mailer_;

 public:
  pipeline::SmsSender sender;
  pipeline::EmailFallback fallback;
  pipeline::Sweeper sweeper;
  pipeline::DeadLetters dead_letters;
};

message::Composer::Settings composer_settings(const settings::Config& config);

/// The network that the built-in simulator plays, from simulator.* settings.
adapters::simulator::NetworkSettings network_of(const settings::Config& config);

}  // namespace postrider::programs
