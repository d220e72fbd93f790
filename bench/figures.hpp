// Figures of a run: each beside its ceiling, measured alternately, as a table for people and as
// JSON for programs. Plain values.
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
  double goal = 0;  // of the ratio ours / ceiling; 0: none, the figure is for orientation
  std::vector<double> ours{};     // one value a round
  std::vector<double> ceiling{};  // of the same round, right after it
};

/// The median; 0 for no values.
double median(std::vector<double> values);

/// The median of the rounds' ratios: each compares two measurements that were neighbours in time,
/// so a machine that changes its pace between the rounds moves it little. 0 where one side is
/// missing.
double ratio(const Figure& figure);

/// True where the ratio reaches the goal, or where there is no goal.
bool reached(const Figure& figure);

/// One value for each figure, in order.
using Measurement = std::function<std::vector<double>()>;

/// Measures ours, ceiling, ours, ceiling, … and writes its steps to `progress`. Without `ours` the
/// ceiling alone.
void measure_alternately(int rounds, const std::string& title, std::vector<Figure>& figures,
                         const Measurement& ours, const Measurement& ceiling,
                         std::ostream& progress);

/// One figure, measured alternately with its ceiling. Without `ours` the ceiling alone.
Figure measure_one(int rounds, Figure figure, const std::function<double()>& ours,
                   const std::function<double()>& ceiling, std::ostream& progress);

void print_table(std::ostream& out, const std::vector<Figure>& figures);
std::string to_json(const Machine& machine, const std::vector<Figure>& figures, int rounds);

}  // namespace postrider::bench
