// The time at which an invocation has to stop: its messages must still be recorded and answered.
// Pure.
#pragma once

#include <algorithm>

#include "ports/clock.hpp"

namespace postrider::adapters::aws::lambda {

struct TimeLimit {
  const ports::Clock& clock;
  domain::TimePoint messages;  // after it, nothing is sent to people and no new work begins
  domain::TimePoint calls;     // after it, no call to AWS begins

  bool over() const { return clock.now() >= messages; }
};

/// The limit of an invocation: seconds for the store after the last message, and more than one for
/// the answer; less of both where the function has less time.
inline TimeLimit time_limit(const ports::Clock& clock, domain::TimePoint deadline) {
  using domain::Milliseconds;
  constexpr Milliseconds to_record{5'000}, to_answer{1'500};
  const Milliseconds remaining = deadline - clock.now();
  return {clock, deadline - std::min(to_record, remaining / 2),
          deadline - std::min(to_answer, remaining / 4)};
}

/// The items of a batch that are begun at once: a claim, the messages and their record fit into
/// seconds.
inline constexpr std::size_t slice = 100;

/// Works on `count` items in slices until the time is over: `work(first, size)` for each slice;
/// false ends it. Returns the number of items done.
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
