#include "pipeline/cost_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace postrider::pipeline {
namespace {

using domain::Money;
using domain::TimePoint;
using std::chrono::days;

constexpr int week = 7;
constexpr std::array names{std::pair{CostBy::country, "country"},
                           std::pair{CostBy::status, "status"},
                           std::pair{CostBy::carrier, "carrier"}, std::pair{CostBy::day, "day"}};

std::string key_of(const ports::CostLine& line, CostBy by) {
  switch (by) {
    case CostBy::country: return line.country;
    case CostBy::status: return line.status;
    case CostBy::carrier: return line.carrier;
    case CostBy::day: break;
  }
  auto day = std::to_string(line.day);
  return day.insert(6, "-").insert(4, "-");
}

/// money * n / of, also where the product does not fit into 64 bits.
Money scaled(Money money, std::int64_t n, std::int64_t of) {
  return {std::llround(static_cast<double>(money.micros) * static_cast<double>(n) /
                       static_cast<double>(of))};
}

void add(CostSums& sum, const ports::CostLine& line) {
  sum.messages += line.messages;
  sum.segments += line.segments;
  sum.saved += line.saved;
  sum.spent += line.spent;
  sum.reserved += line.reserved;
  if (line.segments > 0)
    sum.not_spent += scaled(line.spent + line.reserved, line.saved, line.segments);
}

std::chrono::sys_days first_of(int month) {
  return std::chrono::year{month / 100} / std::chrono::month{static_cast<unsigned>(month % 100)} /
         std::chrono::day{1};
}
std::chrono::sys_days end_of(int month) {
  const std::chrono::year_month_day first{first_of(month)};
  return first.year() / first.month() / std::chrono::last;
}

Money cost_of_day(const std::vector<ports::CostLine>& lines, std::chrono::sys_days day) {
  const int key = domain::day_of(day);
  Money sum;
  for (const auto& line : lines)
    if (line.day == key) sum += line.spent + line.reserved;
  return sum;
}

/// The cost of a usual day: the mean of the last seven whole days, or of the days since the first
/// one that cost anything. A whole week, so that a quiet Sunday gets its weight.
std::optional<Money> usual_day(const std::vector<ports::CostLine>& lines,
                               std::chrono::sys_days today) {
  Money sum;
  int counted = 0;
  for (int back = 1; back <= week; ++back) {
    const auto cost = cost_of_day(lines, today - days{back});
    sum += cost;
    if (cost != Money{}) counted = back;
  }
  if (counted == 0) return std::nullopt;
  return Money{sum.micros / counted};
}

Money forecast(int month, const CostSums& total, const std::vector<ports::CostLine>& lines,
               TimePoint now) {
  const auto today = std::chrono::floor<days>(now);
  const auto so_far = cost_of_day(lines, today);
  auto daily = usual_day(lines, today);
  if (!daily) {  // on the first day: its rate so far, taken over an hour at least
    const auto passed = std::max<domain::Milliseconds>(now - today, std::chrono::hours{1});
    constexpr domain::Milliseconds day = days{1};
    daily = scaled(so_far, day.count(), passed.count());
  }
  const auto days_left = static_cast<int>((end_of(month) - today).count());
  return total.total() + *daily * days_left +
         Money{std::max<std::int64_t>(daily->micros - so_far.micros, 0)};
}

}  // namespace

std::string_view name(CostBy by) {
  return std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.first == by; })
      ->second;
}

std::optional<CostBy> parse_cost_by(std::string_view text) {
  for (const auto& [by, word] : names)
    if (text == word) return by;
  return std::nullopt;
}

DayRange days_for(int month, TimePoint now) {
  const auto today = std::chrono::floor<days>(now);
  const auto first = std::min<std::chrono::sys_days>(first_of(month), today - days{week});
  const bool current = domain::month_of(now) == month;
  return {current ? domain::day_of(first) : month * 100, month * 100 + 99};
}

CostReport report_costs(int month, const std::vector<ports::CostLine>& lines, CostBy by,
                        TimePoint now) {
  CostReport report;
  report.month = month;
  for (const auto& line : lines) {
    if (domain::month_of(line.day) != month) continue;
    add(report.total, line);
    add(report.groups[key_of(line, by)], line);
  }
  report.complete = month < domain::month_of(now);
  report.forecast = month == domain::month_of(now) ? forecast(month, report.total, lines, now)
                                                   : report.total.total();
  return report;
}

}  // namespace postrider::pipeline
