// The settler: carries decisions out. It decides, records by compare-and-set, and where another
// worker was faster reloads and decides again. Everything that moves a notification after its
// intake ends here, operators' actions too, so counting and waking stand in one place. Thread-safe.
#pragma once

#include <vector>

#include "domain/decide.hpp"
#include "ports/clock.hpp"
#include "ports/notification_store.hpp"
#include "ports/telemetry.hpp"
#include "ports/work_queue.hpp"

namespace postrider::pipeline {

/// A notification and what has happened to it.
struct Pending {
  domain::Notification notification;  // as the stage knows it
  domain::Input input;
};

class Settler {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::WorkQueue& queue;  // is told of what became due
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  Settler(Ports ports, domain::Policy policy) : ports_{ports}, policy_{policy} {}

  /// The changes that moved a notification. An Error: some or none were written; the same batch
  /// again is safe, because what was applied decides to nothing the second time.
  domain::Result<std::vector<domain::Change>> settle(std::vector<Pending> batch);

  /// What would be written now; nothing is. nullopt: the input changes nothing.
  std::optional<domain::Change> preview(const Pending& pending) const;

 private:
  struct Applied {
    domain::Change change;
    int segments = 0;  // of the notification
  };
  domain::Result<std::vector<Pending>> reload(std::vector<Pending> stale);
  void announce(const std::vector<Applied>& applied);

  Ports ports_;
  domain::Policy policy_;
};

}  // namespace postrider::pipeline
