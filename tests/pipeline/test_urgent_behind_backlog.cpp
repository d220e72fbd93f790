// Urgent SMS behind a backlog of normal ones, as on AWS: they wait two seconds at most, and the
// normal ones still use the whole rate.
#include "domain/limits/pacer.hpp"
#include "pipeline/sender_simulation.hpp"

namespace postrider::pipeline::testing {
namespace {

using domain::Milliseconds;

struct Case {
  const char* name;
  SenderSimulation::Load load;
  Milliseconds bound;  // of the wait of 99 in 100 urgent ones
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class UrgentBehindBacklog : public ::testing::TestWithParam<Case> {};

// Where a message takes longer than the whole rate of a second, an urgent one waits until that
// message has been paid for: the windows of both, and a second of the queue.
INSTANTIATE_TEST_SUITE_P(
    With, UrgentBehindBacklog,
    ::testing::Values(
        Case{"OnePartASecond", {1, {1}, {1}, 45s, 100}, 2s},
        Case{"TwentyPartsASecond", {20, {1}, {1}, 10s, 200}, 2s},
        Case{"AHundredPartsASecond", {100, {1}, {1}, 2s, 200}, 2s},
        Case{"OnePartASecondAndLongMessages", {1, {2, 1}, {1, 2}, 60s, 100}, 3300ms},
        Case{"TwentyPartsASecondAndLongMessages", {20, {1, 2, 1, 3}, {1, 3, 2}, 20s, 200}, 2s},
        Case{"AHundredPartsASecondAndLongMessages", {100, {1, 2, 1, 3}, {1, 3, 2}, 2s, 200}, 2s}),
    [](const auto& one) { return std::string{one.param.name}; });

TEST_P(UrgentBehindBacklog, WaitsASecondOrTwoAndCostsTheOthersNothing) {
  const auto& [name, load, bound] = GetParam();
  SenderSimulation simulation{load};
  const auto seen = simulation.run();
  std::cout << load.parts_per_second << " parts a second: of " << seen.waits.size()
            << " urgent ones half waited " << seen.wait_of(50).count() << " ms at most, 99 in 100 "
            << seen.wait_of(99).count() << " ms; " << seen.normal_parts << " normal parts, "
            << seen.used << " of the rate used, " << seen.max_second << " in the fullest second\n";
  EXPECT_LE(seen.wait_of(99), bound);
  EXPECT_GE(seen.used, 0.98);
  const int longest =
      std::max(*std::max_element(load.normal_parts.begin(), load.normal_parts.end()),
               *std::max_element(load.urgent_parts.begin(), load.urgent_parts.end()));
  EXPECT_LE(seen.max_second, std::max(load.parts_per_second, longest));
}

}  // namespace
}  // namespace postrider::pipeline::testing
