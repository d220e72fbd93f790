// Carries decisions out: decide, record by compare-and-set, and where another worker was faster,
// reload and decide again. Every stage ends here, so counting and waking happen in one place.
#pragma once

#include <span>
#include <vector>

#include "domain/decide.hpp"
#include "ports/clock.hpp"
#include "ports/notification_store.hpp"
#include "ports/telemetry.hpp"
#include "ports/work_queue.hpp"

namespace postrider::pipeline {

struct Pending {
  domain::Notification notification;  // as the stage knows it
  domain::Input input;
};

struct SettlePorts {
  ports::NotificationStore& store;
  ports::WorkQueue* queue;  // told of what became due; may be null
  ports::Clock& clock;
  ports::Telemetry& telemetry;
};

/// The changes that moved a notification. An Error: some or none were written; calling it again
/// with the same batch is safe, because what was applied decides to nothing the second time.
domain::Result<std::vector<domain::Change>> settle(const SettlePorts& ports,
                                                   const domain::Policy& policy,
                                                   std::vector<Pending> batch);

}  // namespace postrider::pipeline
