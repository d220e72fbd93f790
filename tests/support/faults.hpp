// The fault of an outcome of either channel, for expectations.
#pragma once

#include <optional>
#include <variant>

#include "domain/delivery/fault.hpp"

namespace postrider::support {

/// nullopt for an outcome that is no failure.
template <class Outcome>
std::optional<domain::Fault> fault_of(const Outcome& outcome) {
  return std::visit(
      [](const auto& end) -> std::optional<domain::Fault> {
        if constexpr (requires { end.fault; }) return end.fault;
        return std::nullopt;
      },
      outcome);
}

}  // namespace postrider::support
