#include "programs/lambda/test_mode.hpp"

#include "concurrency/mutex.hpp"

namespace postrider::programs {

std::vector<ports::SmsOutcome> TestCarrier::submit(std::span<const ports::Sms> batch,
                                                   domain::TimePoint until) {
  adapters::simulator::NetworkSettings at_once;
  at_once.receipt_min = at_once.receipt_max = domain::Milliseconds{0};
  concurrency::Mutex
      mutex;  // early receipts come on this thread, other receipts on the network's thread
  adapters::simulator::SimulatedSmsCarrier network{
      at_once, clock_, [&](std::span<const domain::Receipt> receipts) {
        const concurrency::Lock lock{mutex};
        receipts_.insert(receipts_.end(), receipts.begin(), receipts.end());
      }};
  auto outcomes = network.submit(batch, until);
  network.stop();  // hands over all receipts that are due
  return outcomes;
}

}  // namespace postrider::programs
