// The service of one machine without its threads and its HTTP server: the store, the carriers, the
// mailers and the pipeline over them, built from the configuration. Its parts are thread-safe. Used
// by `serve`, the local import, the store commands and the benchmarks.
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
#include "pipeline/line/local_line_hold.hpp"
#include "pipeline/pipeline.hpp"
#include "programs/serve/workers.hpp"
#include "programs/shop.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

enum class OpenMode : std::uint8_t {
  service,  // may write; only one process has the store open like this
  reader,   // may only read, also while a service runs: every change is an Error
};

/// What people do about a database that does not open; empty where its error tells enough.
std::string_view advice_on(domain::ErrorKind kind);

class LocalService {
 public:
  /// Opens the store and builds the parts. `clock` and `telemetry` must outlive this object. Throws
  /// Refused and UsageError.
  LocalService(const settings::Config& config, ports::Clock& clock, ports::Telemetry& telemetry,
               OpenMode mode = OpenMode::service);
  ~LocalService();

  /// Waits up to two seconds for the receipts of the built-in simulator, then stops it. Workers
  /// must have stopped before.
  void stop_carriers();

  /// Reads the secrets in the files that `config` names, and takes them from now on. Throws
  /// UsageError, and then none is taken. Whether receipts are signed at all does not change.
  void take_secrets(const settings::Config& config);

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
  const std::shared_ptr<adapters::http_carrier::SigningKeys> signing_keys;

  pipeline::Storage storage() { return {store, query, inbox, customers, allowance, audit}; }

 private:
  pipeline::Channels channels();
  void take_receipts(std::span<const domain::Receipt> receipts);

  ports::Telemetry& telemetry_;
  pipeline::LocalLineHold line_hold_;
  std::atomic<bool> stopping_{false};
  std::unique_ptr<adapters::simulator::SimulatedSmsCarrier> simulator_;
  std::unique_ptr<adapters::http_carrier::HttpSmsCarrier> http_carrier_;
  std::unique_ptr<adapters::smtp::OutboxMailer> outbox_;
  std::unique_ptr<adapters::smtp::SmtpMailer> smtp_;
  adapters::simulator::SimulatedMailer test_mailer_;

 public:
  pipeline::Pipeline pipeline;
};

/// The settings of the built-in simulator's network, from simulator.*.
adapters::simulator::NetworkSettings network_of(const settings::Config& config);

}  // namespace postrider::programs
