// What an operator does with dead letters: nobody else drains them. Each act leaves an audit row.
#pragma once

#include <string>
#include <variant>

#include "domain/policy.hpp"
#include "ports/audit_log.hpp"
#include "ports/clock.hpp"
#include "ports/customer_directory.hpp"
#include "ports/notification_store.hpp"
#include "ports/work_queue.hpp"

namespace postrider::pipeline {

struct NotFound {};
struct NotDead {
  domain::State state;  // what it is instead
};
/// The new state, or why nothing was done.
using DeadLetterOutcome = std::variant<domain::State, NotFound, NotDead>;

class DeadLetters {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::CustomerDirectory& customers;
    ports::AuditLog& audit;
    ports::WorkQueue& queue;
    ports::Clock& clock;
  };

  DeadLetters(Ports ports, domain::Policy policy);

  /// Sends it again: by SMS only if none was ever submitted and `not_after` has not passed. An
  /// address that bounced is tried once more: whoever replays says that it works now.
  domain::Result<DeadLetterOutcome> replay(const domain::NotificationId& id,
                                           const std::string& actor);
  domain::Result<DeadLetterOutcome> discard(const domain::NotificationId& id,
                                            const std::string& actor);

 private:
  domain::Result<DeadLetterOutcome> act(const domain::NotificationId& id, const std::string& actor,
                                        bool replay);

  Ports ports_;
  domain::Policy policy_;
};

}  // namespace postrider::pipeline
