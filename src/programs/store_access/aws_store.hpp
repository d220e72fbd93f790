// The store of a deployed stack: where --aws leads a command. It reads and changes the tables
// through the same ports as the functions, and answers as a service's HTTP API would.
#pragma once

#include <memory>
#include <string>

#include "programs/store_access/client.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// Region and credentials come from the environment, as for AWS's own tools. Throws UsageError
/// where they are missing, Refused where there is no such stack or it is none of ours.
std::unique_ptr<Client> open_aws_client(const std::string& stack, const settings::Config& config);

}  // namespace postrider::programs
