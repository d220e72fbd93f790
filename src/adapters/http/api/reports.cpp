// GET /v1/reports/cost.
#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/resources.hpp"
#include "message/money/money_text.hpp"
#include "pipeline/cost_report.hpp"

namespace postrider::adapters::http {
namespace {

using pipeline::CostBy;
using pipeline::CostSums;

/// The month as yyyymm: "2026-11" → 202611.
std::optional<int> parse_month(const std::string& text) {
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  int number = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  const int month = number % 100;
  return number >= 197001 && month >= 1 && month <= 12 ? std::optional{number} : std::nullopt;
}

std::string month_text(int month) { return std::to_string(month).insert(4, "-"); }

Json sums_json(const CostSums& sums) {
  return {{"messages", sums.messages},
          {"segments", sums.segments},
          {"spent", message::print_money(sums.spent)},
          {"reserved", message::print_money(sums.reserved)},
          {"segments_saved", sums.saved},
          {"money_saved", message::print_money(sums.not_spent)}};
}

Response cost_report(const Services& services, const Call& call) {
  const auto now = services.clock.now();
  int month = domain::month_of(now);
  if (const auto* given = call.query.find("month")) {
    const auto parsed = parse_month(*given);
    if (!parsed)
      return refuse({.status = 400,
                     .code = "invalid_query",
                     .hint = "month must be a month such as 2026-11"});
    month = *parsed;
  }
  auto by = CostBy::country;
  if (const auto* given = call.query.find("by")) {
    const auto parsed = pipeline::parse_cost_by(*given);
    if (!parsed)
      return refuse({.status = 400,
                     .code = "invalid_query",
                     .hint = "by must be country, status, carrier or day"});
    by = *parsed;
  }
  const auto days = pipeline::days_for(month, now);
  const auto lines = services.costs.costs(days.first, days.last);
  if (!lines) return refuse(lines.error());
  const auto report = pipeline::report_costs(month, *lines, by, now);
  Json groups = Json::array();
  for (const auto& [key, sums] : report.groups) {
    Json group{{pipeline::name(by), key.empty() ? Json(nullptr) : Json(key)}};
    group.update(sums_json(sums));
    groups.push_back(std::move(group));
  }
  return json_answer(200, dump({{"month", month_text(month)},
                                {"currency", services.currency},
                                {"total", sums_json(report.total)},
                                {"limit", message::print_money(services.limits.monthly)},
                                {"forecast", message::print_money(report.forecast)},
                                {"complete", report.complete},
                                {"by", pipeline::name(by)},
                                {"groups", std::move(groups)}}));
}

}  // namespace

void add_reports(Router& router, const Services& services) {
  router.add(Method::get, "/v1/reports/cost", Access::live_key,
             [&services](const Call& call) { return cost_report(services, call); });
}

}  // namespace postrider::adapters::http
