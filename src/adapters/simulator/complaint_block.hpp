// The report of simulated complaints that blocks the address, as a real complaint does. Shared by
// all programs with a test mode.
#pragma once

#include "adapters/simulator/simulated_mailer.hpp"
#include "ports/clock.hpp"
#include "ports/customer_directory.hpp"
#include "ports/telemetry.hpp"

namespace postrider::adapters::simulator {

/// A report for a SimulatedMailer: blocks the address, and logs where that fails. As thread-safe as
/// its parts, which outlive it.
SimulatedMailer::Complaint block_on_complaint(ports::CustomerDirectory& customers,
                                              ports::Clock& clock, ports::Telemetry& telemetry);

}  // namespace postrider::adapters::simulator
