// What a deployed stack says of itself: the names of its tables and queues. Blocks.
#pragma once

#include <map>
#include <string>

#include "adapters/aws/client/client.hpp"

namespace postrider::adapters::aws::cloudformation {

/// Error `invalid` where there is no such stack, `unavailable` where it could not be asked.
domain::Result<std::map<std::string, std::string>> stack_outputs(client::Client& client,
                                                                 const std::string& stack);

/// The outputs in a DescribeStacksResponse.
std::map<std::string, std::string> parse_outputs(const std::string& xml);

}  // namespace postrider::adapters::aws::cloudformation
