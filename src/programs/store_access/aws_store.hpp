// The store of a deployed stack, for commands with --aws. It reads and changes the tables through
// the same ports as the functions, by the settings that are deployed, and answers as a service's
// HTTP API would. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "programs/import/row_sink.hpp"
#include "programs/store_access/client.hpp"

namespace postrider::programs {

/// A client of the stack. Region and credentials come from the environment, as for AWS's own tools.
/// Throws UsageError where region or credentials are missing, Refused where there is no such stack
/// or the stack is not one of Postrider's.
std::unique_ptr<Client> open_aws_client(const std::string& stack);

/// The sink of order events, which the functions then send. Throws as open_aws_client() does.
std::unique_ptr<EventSink> open_aws_sink(const std::string& stack);
/// The sink of customers. Throws as open_aws_client() does.
std::unique_ptr<CustomerSink> open_aws_customer_sink(const std::string& stack);

}  // namespace postrider::programs
