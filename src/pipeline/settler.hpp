// The settler: decides, records by compare-and-set, and where another worker was faster reloads and
// decides again. Thread-safe. Every move of a notification after its intake ends here, operators'
// actions too, so counting and waking stand in one place.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "domain/delivery/decide.hpp"
#include "ports/clock.hpp"
#include "ports/notification_store.hpp"
#include "ports/telemetry.hpp"
#include "ports/work_queue.hpp"

namespace postrider::pipeline {

/// A notification and the input that happened to it.
struct Pending {
  domain::Notification notification;  // as the stage knows it
  domain::Input input;
};

/// The outcome of a batch.
struct Settled {
  std::vector<domain::Change> changes;         // that moved a notification or its due time
  std::vector<domain::NotificationId> failed;  // could not be written: they have to come again
  bool has_failed(const domain::NotificationId& id) const {
    return std::find(failed.begin(), failed.end(), id) != failed.end();
  }
};

class Settler {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::WorkQueue& queue;  // gets an offer of each notification that became due
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  Settler(Ports ports, domain::Policy policy) : ports_{ports}, policy_{policy} {}

  /// Settles a batch; one that fails stops no other. An Error: none was written. The same again is
  /// safe, because an applied input decides to nothing the second time.
  domain::Result<Settled> settle(std::span<const Pending> batch);

  /// The claimed ones among the outcomes of claims of `ids`. Those that the rules stop are settled;
  /// where that fails they wait as they did and are stopped again next time. `ruled_out`: the input
  /// for one whose channel is forbidden. `failed` gets those that could not be written.
  std::vector<domain::Notification> take_claims(std::span<const domain::NotificationId> ids,
                                                std::vector<ports::ClaimOutcome> outcomes,
                                                domain::Input (*ruled_out)(domain::Reason),
                                                std::vector<domain::NotificationId>& failed);

  /// The change that would be written now; writes nothing. nullopt: the input changes nothing.
  std::optional<domain::Change> preview(const Pending& pending) const;

  const domain::Policy& policy() const { return policy_; }

 private:
  /// The changes that moved a notification, with the parts of each one's SMS.
  struct Applied {
    std::vector<domain::Change> changes;
    std::vector<int> segments;
    void add(domain::Change change, int parts);
  };
  domain::Result<std::vector<Pending>> reload(std::vector<Pending> stale);
  void announce(const Applied& applied);

  Ports ports_;
  domain::Policy policy_;
};

}  // namespace postrider::pipeline
