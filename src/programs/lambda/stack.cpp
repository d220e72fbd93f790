#include "programs/lambda/stack.hpp"

#include <cstdio>
#include <iostream>

namespace postrider::programs {
namespace {

namespace lambda = adapters::aws::lambda;
using adapters::aws::client::process_environment;
using Steady = std::chrono::steady_clock;

// Left for the answer after the last call to AWS.
constexpr domain::Milliseconds answer_margin{1'500};
// How long the sweeper leaves to the queues.
constexpr domain::Milliseconds queue_time = std::chrono::minutes{5};
// After a longer pause the process may have been frozen, and its connections be dead.
constexpr domain::Milliseconds idle_pause{4'000};

void write_line(const std::string& line) {
  std::cout << line << '\n' << std::flush;  // one write: CloudWatch takes it as one event
}

/// Runs the handler with the invocation's deadline and counts its time.
lambda::InvocationResult handle(const lambda::Invocation& invocation, Stack& stack,
                                const lambda::Handler& handler, domain::TimePoint& last_end) {
  const auto began = stack.clock.now();
  const auto left = invocation.deadline - began - answer_margin;
  stack.client.stop_at(Steady::now() + left);
  if (began - last_end > idle_pause) stack.client.forget_connections();
  stack.queue.set_trace(invocation.trace_id);
  auto result = handler(invocation);
  last_end = stack.clock.now();
  stack.telemetry.flush(last_end - began);
  return result;
}

}  // namespace

Stack::Stack(const StackSettings& settings, const std::string& function)
    : telemetry{clock, settings.stack, function, write_line},
      client{settings.client, clock},
      database{client, clock, settings.tables, settings.policy.retention, queue_time},
      store{database},
      query{database},
      inbox{database},
      customers{database},
      allowance{database, settings.parts_per_second},
      line{database, "sms"},
      queue{client, clock, telemetry, settings.queues} {}

int run_function(const std::map<std::string, MakeHandler>& functions) {
  const auto environment = process_environment();
  const auto api = environment("AWS_LAMBDA_RUNTIME_API");
  if (!api) {
    std::cerr << "AWS_LAMBDA_RUNTIME_API is not set: this program runs in AWS Lambda\n";
    return 2;
  }
  lambda::Runtime runtime{*api};
  const auto fail = [&runtime](const std::string& why) {
    std::cerr << why << std::endl;
    runtime.report_failed_start({"Postrider.Configuration", why});
    return 1;
  };
  const auto name = environment("_HANDLER").value_or("");
  const auto function = functions.find(name);
  if (function == functions.end()) return fail("_HANDLER: there is no function \"" + name + "\"");
  const auto settings = read_stack_settings(environment);
  if (!settings) return fail(settings.error().what);
  try {
    Stack stack{*settings, name};
    const auto handler = function->second(*settings, stack);
    stack.telemetry.log(ports::Level::info, "started", {});
    auto last_end = stack.clock.now();
    runtime.run([&](const lambda::Invocation& invocation) {
      return handle(invocation, stack, handler, last_end);
    });
  } catch (const std::exception& e) {
    return fail(e.what());
  }
  return 1;  // the runtime API is gone
}

}  // namespace postrider::programs
