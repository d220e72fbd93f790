// When an invocation has to stop: what it began must still be recorded and answered. Pure.
#pragma once

#include <algorithm>

#include "ports/clock.hpp"

namespace postrider::adapters::aws::lambda {

struct TimeLimit {
  const ports::Clock& clock;
  domain::TimePoint messages;  // after this, nothing is sent to people, and no new work is begun
  domain::TimePoint calls;     // after this, no call to AWS is begun

  bool over() const { return clock.now() >= messages; }
};

/// Seconds for the store after the last message, and more than one for the answer; less of both
/// where the function was given less time.
inline TimeLimit time_limit(const ports::Clock& clock, domain::TimePoint deadline) {
  using domain::Milliseconds;
  constexpr Milliseconds to_record{5'000}, to_answer{1'500};
  const Milliseconds left = deadline - clock.now();
  return {clock, deadline - std::min(to_record, left / 2),
          deadline - std::min(to_answer, left / 4)};
}

/// As much of a batch as is begun at once: a claim, the messages and their record fit into seconds.
inline constexpr std::size_t slice = 100;

/// `count` things in slices until the time is over: `work(first, size)` of each; false ends it.
/// Returns how many are done.
template <class Work>
std::size_t in_slices(std::size_t count, const TimeLimit& limit, const Work& work) {
  std::size_t done = 0;
  while (done < count && !limit.over()) {
    const auto size = std::min(slice, count - done);
    if (!work(done, size)) break;
    done += size;
  }
  return done;
}

}  // namespace postrider::adapters::aws::lambda
