// The stages after the intake, wired once for every program: settler, tracker, senders, fallback,
// sweeper and dead letters over one home's storage and channels. Thread-safe as its stages are. It
// needs neither templates nor phone numbers; pipeline.hpp adds the intake.
#pragma once

#include "pipeline/dead_letters.hpp"
#include "pipeline/delivery_tracker.hpp"
#include "pipeline/due_sms_sender.hpp"
#include "pipeline/email_fallback.hpp"
#include "pipeline/queued_sms_sender.hpp"
#include "pipeline/sms_submitter.hpp"
#include "pipeline/sweeper.hpp"

namespace postrider::pipeline {

/// The stores of a home, behind the ports.
struct Storage {
  ports::NotificationStore& store;
  ports::NotificationQuery& query;
  ports::ReceiptInbox& inbox;
  ports::CustomerDirectory& customers;
  ports::Allowance& allowance;
  ports::AuditLog& audit;
};

/// The providers that take messages, in live and in test mode.
struct Channels {
  ports::SmsCarrier& carrier;
  ports::SmsCarrier& test_carrier;
  ports::Mailer& mailer;
  ports::Mailer& test_mailer;
};

/// The other objects that the stages use.
struct Surroundings {
  ports::WorkQueue& queue;
  ports::Clock& clock;
  ports::Telemetry& telemetry;
  ports::LineHold& line_hold;
};

struct DeliverySettings {
  domain::Policy policy = {};
  SenderSettings sms = {};
  message::EmailSettings email = {};
  int email_batch = 50;
};

class DeliveryPipeline {
 public:
  /// The objects behind the references outlive the pipeline.
  DeliveryPipeline(const Storage& storage, const Channels& channels,
                   const Surroundings& surroundings, const DeliverySettings& settings)
      : settler{{storage.store, surroundings.queue, surroundings.clock, surroundings.telemetry},
                settings.policy},
        tracker{{storage.store, storage.query, storage.inbox, storage.customers, surroundings.clock,
                 surroundings.telemetry},
                settler,
                [this](std::string code) { sms.line().hold_by_receipt(std::move(code)); }},
        sms{{storage.store, storage.customers, channels.carrier, channels.test_carrier,
             surroundings.clock, surroundings.telemetry, surroundings.line_hold},
            settler,
            tracker,
            settings.sms,
            settings.policy},
        due_sms{{storage.query, storage.allowance, surroundings.clock, surroundings.telemetry},
                sms},
        queued_sms{{storage.store, storage.allowance, surroundings.queue, surroundings.clock,
                    surroundings.telemetry},
                   sms,
                   settler},
        fallback{
            {storage.store, storage.query, storage.customers, channels.mailer, channels.test_mailer,
             surroundings.queue, surroundings.clock, surroundings.telemetry},
            settler,
            settings.email,
            settings.policy,
            settings.email_batch},
        sweeper{{storage.store, storage.query, storage.inbox, storage.allowance, surroundings.clock,
                 surroundings.telemetry},
                settler,
                tracker,
                settings.policy,
                [this](const domain::NotificationId& id) { return fallback.carries(id); }},
        dead_letters{{storage.store, storage.customers, storage.audit, surroundings.clock},
                     settler} {}
  DeliveryPipeline(const DeliveryPipeline&) = delete;
  DeliveryPipeline& operator=(const DeliveryPipeline&) = delete;

  Settler settler;
  DeliveryTracker tracker;
  SmsSubmitter sms;
  DueSmsSender due_sms;        // on one machine
  QueuedSmsSender queued_sms;  // behind a queue
  EmailFallback fallback;
  Sweeper sweeper;
  DeadLetters dead_letters;
};

}  // namespace postrider::pipeline
