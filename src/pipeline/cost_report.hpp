// A month's costs in sums, and what the month will cost if it goes on like its last week. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.hpp"
#include "ports/cost_book.hpp"

namespace postrider::pipeline {

struct CostSums {
  std::int64_t messages = 0;
  std::int64_t segments = 0;
  std::int64_t saved = 0;  // segments that replaced characters have saved
  domain::Money spent;
  domain::Money reserved;   // of messages whose fate is not known yet
  domain::Money not_spent;  // what the saved segments would have cost

  domain::Money total() const { return spent + reserved; }
};

enum class CostBy : std::uint8_t { country, status, carrier, day };
std::string_view name(CostBy by);
std::optional<CostBy> parse_cost_by(std::string_view text);

struct CostReport {
  int month = 0;  // yyyymm
  CostSums total;
  std::map<std::string, CostSums> groups;  // by what was asked for
  bool complete = false;                   // the month is over
  domain::Money forecast;                  // of the whole month; complete: what it cost
};

/// The days that a report of `month` needs: its own, and the week before today for the forecast.
struct DayRange {
  int first, last;  // yyyymmdd
};
DayRange days_for(int month, domain::TimePoint now);

/// `lines`: of those days at least.
CostReport report_costs(int month, const std::vector<ports::CostLine>& lines, CostBy by,
                        domain::TimePoint now);

}  // namespace postrider::pipeline
