// The order intake: turns a checked event into a stored notification. Looks the customer up,
// renders the text, chooses the channel, and stores; a repeat is recognised by the derived id.
// Thread-safe.
#pragma once

#include <atomic>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "domain/policy.hpp"
#include "message/json/order_event_json.hpp"
#include "message/text/composer.hpp"
#include "message/time/quiet_hours.hpp"
#include "pipeline/log_rate_limiter.hpp"
#include "ports/clock.hpp"
#include "ports/customer_directory.hpp"
#include "ports/notification_store.hpp"
#include "ports/telemetry.hpp"
#include "ports/work_queue.hpp"

namespace postrider::pipeline {

/// The owner of an event: named by the API key, or the configured shop in live mode.
struct Origin {
  std::string shop;
  domain::Mode mode = domain::Mode::live;
};

/// A checked event and its owner.
struct Incoming {
  Origin origin;
  domain::OrderEvent event;
};

/// An event that is stored now, or was before (`duplicate`), with its notification's state.
struct Acceptance {
  domain::NotificationId id;
  domain::State state = domain::State::accepted;
  bool duplicate = false;
};

/// The outcome of one event. A FieldError: refused; its code is "conflict" where the dedupe_key was
/// used with other content (HTTP 409). Unreadable: a repeat of a record that can't be read.
using IntakeOutcome = std::variant<Acceptance, message::FieldError, ports::Unreadable>;

/// Events that were looked up and rendered, but not stored yet.
struct PreparedOrders {
  std::vector<IntakeOutcome> outcomes;  // one per event; set by store() for those of `owners`
  std::vector<domain::Notification> notifications;
  std::vector<std::size_t> owners;  // the index of each notification's event
};

/// The rules of who gets an SMS, and when.
struct SmsRules {
  std::string default_region = {};  // ISO 3166 alpha-2, of numbers without a country code
  bool to_fixed_lines = false;  // true: also to fixed lines and other kinds that usually get no SMS
  const message::QuietHours* quiet_hours = nullptr;  // of statuses that are not urgent; null: none
  std::set<std::string, std::less<>> promotional = {};  // statuses that no customer waits for
  bool all_promotional = false;                         // every status is promotional
};

class OrderProcessor {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::CustomerDirectory& customers;
    ports::WorkQueue& queue;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  /// `composer` outlives the processor.
  OrderProcessor(Ports ports, const message::Composer& composer, SmsRules rules,
                 domain::Policy policy);

  /// Takes events in: one outcome per event, in order; accepted events are durable. An Error:
  /// some may be stored; the same events again are safe.
  domain::Result<std::vector<IntakeOutcome>> accept(std::span<const Incoming> batch);

  /// accept() in two steps, so that one batch can be rendered while another one is committed.
  /// store() takes the outcomes out of `prepared`; the rest is freed by its owner, when no other
  /// batch waits.
  domain::Result<PreparedOrders> prepare(std::span<const Incoming> batch);
  domain::Result<std::vector<IntakeOutcome>> store(PreparedOrders& prepared);

 private:
  static IntakeOutcome conclude(const domain::Notification& n, const ports::InsertOutcome& outcome);
  void announce(std::span<const domain::Notification> prepared,
                std::span<const ports::InsertOutcome> outcomes, std::size_t refused);
  void report_price_unknown(std::int64_t count, std::string_view country);
  static domain::Reason why_not_by_sms(const domain::Notification& n, bool sms_wanted,
                                       const message::Quote& quote, domain::Reason phone_problem);
  void choose_channel(domain::Notification& n, bool sms_wanted, domain::Reason phone_problem) const;
  /// The moment of an intake: the clock's time, and in microseconds (see Notification::intake).
  struct Moment {
    domain::TimePoint now;
    std::int64_t intake = 0;
  };
  std::int64_t first_intake_of(std::size_t batch, domain::TimePoint now);
  std::variant<domain::Notification, message::FieldError> prepare_one(
      const Incoming& incoming, const std::optional<domain::Customer>& known,
      const Moment& moment) const;

  Ports ports_;
  const message::Composer& composer_;
  SmsRules rules_;
  domain::Policy policy_;
  LogRateLimiter unpriced_alarm_;
  std::atomic<std::int64_t> last_intake_{0};
};

}  // namespace postrider::pipeline
