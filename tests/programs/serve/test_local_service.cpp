#include "programs/serve/local_service.hpp"

#include <gtest/gtest.h>

#include <future>

#include "programs/store_access/no_telemetry.hpp"
#include "programs/system_clock.hpp"
#include "support/folder.hpp"

namespace postrider::programs {
namespace {

using support::Folder;

/// An SMS of test mode to the simulated number whose receipt comes before the carrier's answer.
domain::Notification with_an_early_receipt() {
  domain::Notification n;
  n.id.bytes = {1, 2, 3};
  n.mode = domain::Mode::test;
  n.state = domain::State::sending_sms;
  n.attempts = 1;
  n.content.phone = "+12025550113";
  n.content.sms_text = "x";
  n.content.segments = 1;
  return n;
}

TEST(LocalService, AWorkerThatBringsAReceiptToAStoreThatTakesNoneCanBeStopped) {
  const Folder folder;
  settings::Config config;
  config.data = folder / "data";
  SystemClock clock;
  NoTelemetry telemetry;
  { const LocalService made{config, clock, telemetry}; }
  LocalService service{config, clock, telemetry, OpenMode::reader};  // every change is an Error
  auto worker = std::async(std::launch::async, [&service] {
    return service.pipeline.sms.submit({with_an_early_receipt()}).has_value();
  });
  EXPECT_EQ(worker.wait_for(std::chrono::milliseconds{300}), std::future_status::timeout)
      << "it waits for the store";
  service.signal.stop();  // as Workers::stop() does before it joins
  ASSERT_EQ(worker.wait_for(std::chrono::seconds{10}), std::future_status::ready);
  EXPECT_FALSE(worker.get()) << "the store could not take the outcome either";
}

}  // namespace
}  // namespace postrider::programs
