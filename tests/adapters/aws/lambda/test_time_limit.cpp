#include "adapters/aws/lambda/time_limit.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "doubles/manual_clock.hpp"

namespace postrider::adapters::aws::lambda {
namespace {

using domain::Milliseconds;
using Slices = std::vector<std::pair<std::size_t, std::size_t>>;

TEST(TimeLimit, LeavesTimeToRecordAndToAnswer) {
  doubles::ManualClock clock;
  const auto deadline = clock.now() + std::chrono::seconds{60};
  const auto limit = time_limit(clock, deadline);
  EXPECT_EQ(deadline - limit.messages, Milliseconds{5'000});
  EXPECT_EQ(deadline - limit.calls, Milliseconds{1'500});
  EXPECT_FALSE(limit.over());
  clock.advance(std::chrono::seconds{55});
  EXPECT_TRUE(limit.over());
}

TEST(TimeLimit, OfAShortTimeMostIsForTheWork) {
  doubles::ManualClock clock;
  const auto deadline = clock.now() + std::chrono::seconds{2};
  const auto limit = time_limit(clock, deadline);
  EXPECT_EQ(deadline - limit.messages, Milliseconds{1'000});
  EXPECT_EQ(deadline - limit.calls, Milliseconds{500});
  EXPECT_TRUE(time_limit(clock, clock.now()).over());
}

TEST(InSlices, NoneBeginsAfterTheTime) {
  doubles::ManualClock clock;
  const auto limit = time_limit(clock, clock.now() + std::chrono::seconds{60});
  Slices all;
  const auto done = in_slices(2 * slice + 50, limit, [&](std::size_t first, std::size_t size) {
    all.emplace_back(first, size);
    return true;
  });
  EXPECT_EQ(done, 2 * slice + 50);
  EXPECT_EQ(all, (Slices{{0, slice}, {slice, slice}, {2 * slice, 50}}));
  all.clear();
  in_slices(3 * slice, limit, [&](std::size_t first, std::size_t size) {
    all.emplace_back(first, size);
    clock.advance(std::chrono::seconds{30});
    return true;
  });
  EXPECT_EQ(all, (Slices{{0, slice}, {slice, slice}}));
}

TEST(InSlices, AFailureEndsThem) {
  doubles::ManualClock clock;
  const auto limit = time_limit(clock, clock.now() + std::chrono::seconds{60});
  int begun = 0;
  EXPECT_EQ(in_slices(3 * slice, limit, [&](std::size_t, std::size_t) { return ++begun < 2; }),
            slice);
  EXPECT_EQ(begun, 2);
}

}  // namespace
}  // namespace postrider::adapters::aws::lambda
