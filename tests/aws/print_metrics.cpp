// print_metrics: the line that a function writes when every counter has counted, for the test that
// compares the metrics with the template.
#include <iostream>

#include "adapters/aws/emf/telemetry.hpp"
#include "doubles/manual_clock.hpp"

int main() {
  using namespace postrider;
  const doubles::ManualClock clock;
  adapters::aws::emf::EmfTelemetry telemetry{
      clock, "stack", "function", [](const std::string& line) { std::cout << line << '\n'; }};
  telemetry.started("0", domain::Milliseconds{1});
  for (std::size_t i = 0; i < ports::counter_count; ++i)
    telemetry.count(static_cast<ports::Counter>(i), 1);
  for (std::size_t i = 0; i < ports::timing_count; ++i)
    telemetry.took(static_cast<ports::Timing>(i), domain::Milliseconds{1});
  telemetry.flush(domain::Milliseconds{1});
}
