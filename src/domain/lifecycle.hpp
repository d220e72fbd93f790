// The life cycle of a notification: one table, from which everything else follows. The drawing in
// docs/notification_lifecycle.md is made from it by draw_lifecycle() and a test compares the two.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "domain/state.hpp"

namespace postrider::domain {

struct Move {
  State from;
  Trigger event;
  State to;
};

/// Every move there is. No other change of state exists anywhere in the program.
std::span<const Move> moves();

/// The state after `event` in `from`; nullopt when the event changes nothing there (a late receipt,
/// a stale worker, a second claim).
std::optional<State> next_state(State from, Trigger event);

/// The Markdown page with the Mermaid drawing and the table.
std::string draw_lifecycle();

}  // namespace postrider::domain
