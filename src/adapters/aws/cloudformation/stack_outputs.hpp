// The outputs of a deployed stack: the names of its tables and queues. Thread-safe; stack_outputs()
// blocks.
#pragma once

#include <map>
#include <string>

#include "adapters/aws/client/client.hpp"

namespace postrider::adapters::aws::cloudformation {

/// The outputs of `stack`, value by key. Error `invalid` where there is no such stack,
/// `unavailable` where CloudFormation gave no answer.
domain::Result<std::map<std::string, std::string>> stack_outputs(client::Client& client,
                                                                 const std::string& stack);

/// The outputs in a DescribeStacksResponse.
std::map<std::string, std::string> parse_outputs(const std::string& xml);

}  // namespace postrider::adapters::aws::cloudformation
