// The loop of a Lambda custom runtime: fetches an invocation, has it handled, answers. One
// invocation at a time, on one thread. Source: AWS Lambda developer guide, "Using the Lambda
// runtime API".
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "domain/time.hpp"

namespace postrider::adapters::aws::lambda {

struct Invocation {
  std::string request_id;
  std::string payload;           // JSON
  std::string trace_id;          // X-Ray: "Root=…;Parent=…;Sampled=1"; may be empty
  domain::TimePoint deadline{};  // Lambda ends the function then
};

struct InvocationError {
  std::string type;     // "Postrider.BadEvent"
  std::string message;  // for operators; never a personal value
};

/// The answer as JSON, or the error.
using InvocationResult = std::variant<std::string, InvocationError>;
using Handler = std::function<InvocationResult(const Invocation&)>;

class Runtime {
 public:
  /// `api`: host and port, as AWS_LAMBDA_RUNTIME_API says.
  explicit Runtime(const std::string& api);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// Returns when the runtime API is gone or has refused an answer: the process should end then,
  /// and Lambda starts another.
  void run(const Handler& handler);

  /// Reports that the start failed. The process has to end afterwards, with another exit code than
  /// 0.
  void report_failed_start(const InvocationError& error);

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace postrider::adapters::aws::lambda
