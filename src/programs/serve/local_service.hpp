// The service of one machine but for its threads and its HTTP side: the store, the carriers, the
// mailers and the pipeline over them, built from the configuration. `serve`, the local import, the
// demo and the benchmarks use it.
#pragma once

#include <atomic>
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
#include "pipeline/pipeline.hpp"
#include "programs/serve/workers.hpp"
#include "programs/shop.hpp"
#include "programs/system_clock.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

enum class OpenMode : std::uint8_t {
  service,  // the one that may write
  reader,   // beside a service or without one: every change is an Error
};

class LocalService {
 public:
  /// Throws Refused with one clear line.
  LocalService(const settings::Config& config, ports::Clock& clock, ports::Telemetry& telemetry,
               OpenMode mode = OpenMode::service);
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
  Shop shop;

  pipeline::Storage storage() { return {store, query, inbox, customers, allowance, audit}; }

 private:
  pipeline::Channels channels();
  void take_receipts(std::span<const domain::Receipt> receipts);

  ports::Telemetry& telemetry_;
  std::atomic<bool> stopping_{false};
  std::unique_ptr<adapters::simulator::SimulatedSmsCarrier> simulator_;
  std::unique_ptr<adapters::http_carrier::HttpSmsCarrier> http_carrier_;
  std::unique_ptr<adapters::smtp::OutboxMailer> outbox_;
  std::unique_ptr<adapters::smtp::SmtpMailer> smtp_;
  adapters::simulator::SimulatedMailer test_mailer_;

 public:
  pipeline::Pipeline pipeline;
};

/// The network that the built-in simulator plays, from simulator.* settings.
adapters::simulator::NetworkSettings network_of(const settings::Config& config);

}  // namespace postrider::programs
