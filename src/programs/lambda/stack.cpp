#include "programs/lambda/stack.hpp"

#include <iostream>

#include "adapters/aws/dynamodb/upkeep/undelivered_work.hpp"
#include "programs/version.hpp"

namespace postrider::programs {
namespace {

namespace lambda = adapters::aws::lambda;
using adapters::aws::client::process_environment;
using Steady = std::chrono::steady_clock;

// After a longer pause the process may have been frozen, so that its connections may be dead.
constexpr domain::Milliseconds idle_pause{4'000};

void write_line(const std::string& line) {
  std::cout << line << '\n' << std::flush;  // one write, which CloudWatch takes as one event
}

/// Keeps the contents of a message that can't be read, because the queue drops it after this
/// receive.
void keep_unreadable(Stack& stack, const lambda::SqsRecord& record,
                     const message::FieldError& error) {
  const auto kept = stack.unreadable.keep(
      {record.queue, record.message_id, record.body, error.code, error.pointer});
  if (!kept)  // no error: the dead-letter queue has the message too
    stack.telemetry.log(ports::Level::warning, "store_failed",
                        {{ports::Field::code, "keep_unreadable"}});
}

/// Runs the handler with the invocation's deadline and counts its time.
lambda::InvocationResult handle(const lambda::Invocation& invocation, Stack& stack,
                                const FunctionHandler& handler, domain::TimePoint& last_end) {
  const auto began = stack.clock.now();
  const auto limit = lambda::time_limit(stack.clock, invocation.deadline);
  const auto now = Steady::now();
  stack.client.stop_at(now + (limit.messages - began), now + (limit.calls - began));
  if (began - last_end > idle_pause) stack.client.forget_connections();
  const lambda::Context context{
      stack.telemetry, limit,
      [&](const lambda::SqsRecord& record, const message::FieldError& error) {
        if (record.receive_count >= stack.max_receives) keep_unreadable(stack, record, error);
      }};
  stack.queue.set_trace(invocation.trace_id);
  stack.tracer.begin(invocation.trace_id);
  auto result = handler(invocation, context);
  last_end = stack.clock.now();
  stack.telemetry.flush(last_end - began);
  return result;
}

}  // namespace

Stack::Stack(const StackSettings& settings, const std::string& function)
    : max_receives{settings.max_receives},
      telemetry{clock, settings.stack, function, write_line},
      tracer{settings.xray_daemon, settings.client.region},
      client{settings.client, clock},
      database{client, clock, settings.tables, settings.shop.config.retention,
               adapters::aws::dynamodb::UndeliveredWork::requeue_after},
      store{database, telemetry},
      query{database, telemetry},
      inbox{database},
      customers{database},
      allowance{database, settings.shop.config.sms.parts_per_second},
      line_hold{database, "sms"},
      queue{client, clock, telemetry, settings.queues, database.requeue_after()},
      audit{database},
      unreadable{database} {
  client.observe([this](const adapters::aws::client::CallReport& report) { tracer.send(report); });
}

int run_function(const std::map<std::string, MakeHandler>& functions) {
  const auto began = Steady::now();
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
    const auto init = std::chrono::duration_cast<domain::Milliseconds>(Steady::now() - began);
    stack.telemetry.started(version, init);
    for (const auto& unknown : settings->shop.skipped)
      stack.telemetry.log(ports::Level::warning, "setting_unknown",
                          {{ports::Field::reason, unknown}});
    for (const auto& gone : settings->shop.gone)
      stack.telemetry.log(ports::Level::warning, "setting_gone", {{ports::Field::reason, gone}});
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
