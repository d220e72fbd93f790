// The life cycle of a notification: one table of moves, from which all else follows. Constant data.
// draw_lifecycle() makes docs/notification_lifecycle.md from it, and a test compares the two.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "domain/delivery/state.hpp"

namespace postrider::domain {

/// One row of the table.
struct Move {
  State from;
  Trigger trigger;
  State to;
};

/// Every move there is. No other change of state exists anywhere in the program.
std::span<const Move> moves();

/// The state after `trigger` in `from`; nullopt where the trigger changes nothing there (a late
/// receipt, a stale worker, a second claim).
std::optional<State> next_state(State from, Trigger trigger);

/// The Markdown page with the Mermaid drawing and the table.
std::string draw_lifecycle();

}  // namespace postrider::domain
