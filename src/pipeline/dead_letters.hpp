// The operator's actions on dead letters, which nobody else drains: replay and discard. Each leaves
// an audit row. Thread-safe.
#pragma once

#include <string>
#include <variant>

#include "pipeline/settler.hpp"
#include "ports/audit_log.hpp"
#include "ports/customer_directory.hpp"

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
    ports::Clock& clock;
  };

  /// `settler` outlives it.
  DeadLetters(Ports ports, Settler& settler) : ports_{ports}, settler_{settler} {}

  /// Sends it again: by SMS only if none was ever submitted and `not_after` has not passed. An
  /// address that bounced is tried once more: whoever replays says that it works now.
  domain::Result<DeadLetterOutcome> replay(const domain::NotificationId& id,
                                           const std::string& actor);
  domain::Result<DeadLetterOutcome> discard(const domain::NotificationId& id,
                                            const std::string& actor);

 private:
  domain::Result<DeadLetterOutcome> act(const domain::NotificationId& id, const std::string& actor,
                                        const std::string& action, const domain::Input& input);

  Ports ports_;
  Settler& settler_;
};

}  // namespace postrider::pipeline
