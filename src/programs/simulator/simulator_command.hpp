// The command `postrider simulator`: a carrier in a process of its own, which speaks the protocol
// of the generic HTTP carrier. For the main thread. Crash tests kill the service beside the
// simulator and read the simulator's ledger afterwards.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "adapters/simulator/simulated_network.hpp"

namespace postrider::programs {

struct SimulatorOptions {
  std::string listen = "127.0.0.1:8090";
  std::string ledger;       // file; empty: submissions are only counted, in memory
  std::string receipts_to;  // URL of the service's /v1/receipts/http; empty: no receipts
  std::string secret_file;  // of a "whsec_…" for submissions and receipts; empty: no signatures
  adapters::simulator::NetworkSettings network;
};

/// Serves POST /v1/messages, GET /ledger/summary and GET /healthz until SIGINT or SIGTERM, and
/// returns the exit code. For an unknown verdict the connection is cut after the message was
/// accepted or dropped. Throws UsageError and Refused when the simulator can't start.
int run_simulator(const SimulatorOptions& options);

void add_simulator_command(CLI::App& app, int& exit_code);

}  // namespace postrider::programs
