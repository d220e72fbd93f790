// A deployed stack as CloudFormation tells of it: its outputs, which name tables and queues, and
// its template. Thread-safe; the calls block.
#pragma once

#include <map>
#include <string>

#include "adapters/aws/client/client.hpp"

namespace postrider::adapters::aws::cloudformation {

/// The outputs of `stack`, value by key. Error `invalid` where there is no such stack,
/// `unavailable` where CloudFormation gave no answer.
domain::Result<std::map<std::string, std::string>> stack_outputs(client::Client& client,
                                                                 const std::string& stack);

/// The template of `stack` as it was deployed, JSON or YAML. Errors as stack_outputs().
domain::Result<std::string> stack_template(client::Client& client, const std::string& stack);

/// The outputs in a DescribeStacksResponse.
std::map<std::string, std::string> parse_outputs(const std::string& xml);
/// The template in a GetTemplateResponse.
std::string parse_template(const std::string& xml);

}  // namespace postrider::adapters::aws::cloudformation
