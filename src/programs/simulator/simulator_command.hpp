// `postrider simulator`: a carrier in a process of its own, which speaks the protocol of the
// generic HTTP carrier. Crash tests kill the service beside it and read its ledger afterwards.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "adapters/simulator/simulated_network.hpp"

namespace postrider::programs {

struct SimulatorOptions {
  std::string listen = "127.0.0.1:8090";
  std::string ledger;       // file; empty: counted in memory only
  std::string receipts_to;  // URL of the service's /v1/receipts/http; empty: no receipts
  std::string secret_file;  // "whsec_…": checks submissions and signs receipts; empty: neither
  adapters::simulator::NetworkSettings network;
};

/// Serves POST /v1/messages, GET /ledger/summary and GET /healthz until SIGINT or SIGTERM. An
/// unknown verdict cuts the connection after the message was taken (or not): no promise either way.
int run_simulator(const SimulatorOptions& options);

void add_simulator_command(CLI::App& app, int& exit_code);

}  // namespace postrider::programs
