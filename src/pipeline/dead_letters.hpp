// The operator's actions on dead letters, which no stage drains: replay and discard. Each writes an
// audit row. Thread-safe.
#pragma once

#include <string>
#include <variant>

#include "pipeline/settler.hpp"
#include "ports/audit_log.hpp"
#include "ports/customer_directory.hpp"

namespace postrider::pipeline {

/// No such notification is kept.
struct NotFound {};
/// The notification is no dead letter (any more).
struct NotDead {
  domain::State state;  // its present state
};
/// The new state, or the reason why nothing was done.
using DeadLetterOutcome = std::variant<domain::State, NotFound, NotDead>;

class DeadLetters {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::CustomerDirectory& customers;
    ports::AuditLog& audit;
    ports::Clock& clock;
  };

  /// `settler` outlives the object.
  DeadLetters(Ports ports, Settler& settler) : ports_{ports}, settler_{settler} {}

  /// Sends a dead letter again: by SMS only if none was ever submitted and `not_after` has not
  /// passed, otherwise by e-mail. An address that bounced is unblocked: the operator says that it
  /// works now. `actor`: the name for the audit row. An Error: the store failed; the same call
  /// again is safe.
  domain::Result<DeadLetterOutcome> replay(const domain::NotificationId& id,
                                           const std::string& actor);
  /// Discards a dead letter. `actor` and Error as for replay().
  domain::Result<DeadLetterOutcome> discard(const domain::NotificationId& id,
                                            const std::string& actor);

 private:
  domain::Result<DeadLetterOutcome> act(const domain::NotificationId& id, const std::string& actor,
                                        const std::string& action, const domain::Input& input);

  Ports ports_;
  Settler& settler_;
};

}  // namespace postrider::pipeline
