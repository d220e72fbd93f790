// The pipeline over the store in memory, with a carrier, a mailer and a clock that tests control.
// For one thread.
#pragma once

#include "doubles/fake_mailer.hpp"
#include "doubles/fake_sms_carrier.hpp"
#include "doubles/fake_work_queue.hpp"
#include "doubles/manual_clock.hpp"
#include "doubles/memory_allowance.hpp"
#include "doubles/memory_audit_log.hpp"
#include "doubles/memory_customer_directory.hpp"
#include "doubles/memory_notification_query.hpp"
#include "doubles/memory_notification_store.hpp"
#include "doubles/memory_receipt_inbox.hpp"
#include "doubles/recording_telemetry.hpp"
#include "pipeline/line/local_line_hold.hpp"
#include "pipeline/pipeline.hpp"

namespace postrider::pipeline::testing {

using namespace std::chrono_literals;
using domain::State;

inline domain::OrderEvent event(std::string order, std::string status = "confirmed",
                                std::string customer = "c1") {
  domain::OrderEvent e;
  e.order_id = std::move(order);
  e.customer_id = std::move(customer);
  e.status = std::move(status);
  return e;
}

struct Shop {
  explicit Shop(domain::Policy p = {}, int parts_per_second = 0, SmsRules r = german(),
                message::PriceTable table = message::PriceTable{domain::Money{50'000}},
                message::Composer::Settings settings = {})
      : policy{p},
        allowance{world, parts_per_second},
        prices{std::move(table)},
        composer{templates, prices, named(std::move(settings))},
        rules{std::move(r)} {}

  static message::Composer::Settings named(message::Composer::Settings settings) {
    settings.shop_name = "Shop";
    settings.carrier = "fake";
    return settings;
  }
  static SmsRules german() { return {.default_region = "DE"}; }

  domain::Policy policy;
  doubles::MemoryWorld world;
  doubles::ManualClock clock;
  doubles::RecordingTelemetry telemetry;
  doubles::FakeWorkQueue queue;
  doubles::FakeSmsCarrier carrier{"fake", &clock}, test_carrier{"simulator", &clock};
  doubles::FakeMailer mailer, test_mailer;
  doubles::MemoryNotificationStore store{world};
  doubles::MemoryNotificationQuery query{world};
  doubles::MemoryReceiptInbox inbox{world};
  doubles::MemoryCustomerDirectory customers{world};
  doubles::MemoryAuditLog audit{world};
  doubles::MemoryAllowance allowance;
  message::Templates templates = message::Templates::built_in();
  message::PriceTable prices;
  message::Composer composer;
  SmsRules rules;
  LocalLineHold line_hold;

  Storage storage() { return {store, query, inbox, customers, allowance, audit}; }
  Channels channels() { return {carrier, test_carrier, mailer, test_mailer}; }

  Pipeline pipeline{storage(),
                    channels(),
                    {queue, clock, telemetry, line_hold},
                    composer,
                    rules,
                    {.policy = policy,
                     .sms = sender_settings(),
                     .email = {"Shop <orders@example.com>", "", "Shop"},
                     .email_batch = 50}};
  OrderProcessor& orders = pipeline.orders;
  DeliveryTracker& tracker = pipeline.tracker;
  DueSmsSender& sender = pipeline.due_sms;
  EmailFallback& fallback = pipeline.fallback;
  Sweeper& sweeper = pipeline.sweeper;
  DeadLetters& dead_letters = pipeline.dead_letters;

  static SenderSettings sender_settings() { return {.sender_id = "SHOP", .batch = 100}; }

  void customer(std::string id = "c1", std::string e164 = "+4915112345678",
                std::string email = "c1@example.com") {
    domain::Customer c;
    c.id = std::move(id);
    c.phone.e164 = std::move(e164);
    if (!email.empty()) c.contact.email = email;
    ASSERT_TRUE(customers.put("default", {&c, 1}, clock.now()));
  }

  /// Sets the consent of customer c1, who has a phone and an e-mail address; nullopt: never said.
  void consent(std::optional<bool> sms, std::optional<bool> email = {}) {
    domain::Customer c;
    c.id = "c1";
    c.phone.e164 = "+4915112345678";
    c.contact.email = "c1@example.com";
    c.sms_opt_in = sms;
    c.email_opt_in = email;
    ASSERT_TRUE(customers.put("default", {&c, 1}, clock.now()));
  }

  IntakeOutcome accept(const domain::OrderEvent& e, domain::Mode mode = domain::Mode::live) {
    const Incoming incoming{{"default", mode}, e};
    auto outcomes = orders.accept({&incoming, 1});
    EXPECT_TRUE(outcomes);
    return std::move(outcomes->front());
  }
  domain::NotificationId accepted(const domain::OrderEvent& e,
                                  domain::Mode mode = domain::Mode::live) {
    return std::get<Acceptance>(accept(e, mode)).id;
  }

  State state(const domain::NotificationId& id) { return details(id).notification.state; }
  domain::NotificationDetails details(const domain::NotificationId& id) {
    return **query.details(id);
  }

  Tracked receive(domain::ReceiptOutcome outcome, std::string message_id = "fake-1",
                  domain::Proof proof = domain::Proof::handset) {
    domain::Receipt r;
    r.carrier = "fake";
    r.message_id = std::move(message_id);
    r.outcome = outcome;
    r.proof = proof;
    r.at = clock.now();
    return *tracker.apply({&r, 1});
  }
  ports::BudgetStatus budget() { return *allowance.budget(domain::month_of(clock.now())); }
};

}  // namespace postrider::pipeline::testing
