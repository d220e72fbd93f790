// The store of a deployed stack, for commands with --aws. It reads and changes the tables through
// the same ports as the functions, and answers as a service's HTTP API would. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "programs/store_access/client.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// A client of the stack. Region and credentials come from the environment, as for AWS's own tools.
/// Throws UsageError where region or credentials are missing, Refused where there is no such stack
/// or the stack is not one of Postrider's.
std::unique_ptr<Client> open_aws_client(const std::string& stack, const settings::Config& config);

}  // namespace postrider::programs
