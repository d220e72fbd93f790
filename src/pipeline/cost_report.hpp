// A report of a month's SMS costs in sums, with a forecast: the cost of the month if it goes on
// like the last week. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.hpp"
#include "ports/cost_book.hpp"

namespace postrider::pipeline {

/// The sums of several lines of the cost book.
struct CostSums {
  std::int64_t messages = 0;
  std::int64_t segments = 0;
  std::int64_t saved = 0;  // segments that replaced characters have saved
  domain::Money spent;
  domain::Money reserved;   // of messages without a final outcome yet
  domain::Money not_spent;  // the price of the saved segments

  domain::Money total() const { return spent + reserved; }
};

/// The grouping of a report.
enum class CostBy : std::uint8_t { country, status, carrier, day };
std::string_view name(CostBy by);
std::optional<CostBy> parse_cost_by(std::string_view text);

struct CostReport {
  int month = 0;  // yyyymm
  CostSums total;
  std::map<std::string, CostSums> groups;  // the key is a value of the grouping, such as "DE"
  bool complete = false;                   // the month is over
  domain::Money forecast;                  // of the whole month; the cost of a month that is over
};

/// The days that a report of `month` (yyyymm) needs: the month's own, and the week before today for
/// the forecast.
struct DayRange {
  int first, last;  // yyyymmdd
};
DayRange days_for(int month, domain::TimePoint now);

/// The report of `month` (yyyymm). `lines`: the cost book's, of days_for(month, now) at least.
CostReport report_costs(int month, const std::vector<ports::CostLine>& lines, CostBy by,
                        domain::TimePoint now);

}  // namespace postrider::pipeline
