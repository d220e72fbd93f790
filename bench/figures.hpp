// What was measured: each figure beside its ceiling, taken in turns, as a table for people and as
// JSON for programs. Values.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "machine.hpp"

namespace postrider::bench {

enum class Better : std::uint8_t { more, less };

struct Figure {
  std::string number;  // of the goal: "P1"
  std::string what;
  std::string unit;
  Better better = Better::more;
  double goal = 0;                // of the ratio ours / ceiling; 0: shown for orientation only
  std::vector<double> ours{};     // one value a round
  std::vector<double> ceiling{};  // of the same round, right after it
};

double median(std::vector<double> values);

/// Median of the rounds' ratios: each compares two measurements that were neighbours in time, so a
/// machine that changes its pace between the rounds moves it little. 0 when one side is missing.
double ratio(const Figure& figure);

/// Whether the ratio reaches the goal; true where there is none.
bool reached(const Figure& figure);

/// One value for each figure, in order.
using Measurement = std::function<std::vector<double>()>;

/// Ours, ceiling, ours, ceiling, …; says on `progress` what it does. Without `ours` the ceiling
/// alone.
void take_turns(int rounds, const std::string& title, std::vector<Figure>& figures,
                const Measurement& ours, const Measurement& ceiling, std::ostream& progress);

/// One figure, taken in turns with its ceiling. Without `ours` the ceiling alone.
Figure measure_one(int rounds, Figure figure, const std::function<double()>& ours,
                   const std::function<double()>& ceiling, std::ostream& progress);

void print_table(std::ostream& out, const std::vector<Figure>& figures);
std::string to_json(const Machine& machine, const std::vector<Figure>& figures, int rounds);

}  // namespace postrider::bench
