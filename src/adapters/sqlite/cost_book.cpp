#include "adapters/sqlite/cost_book.hpp"

#include "adapters/sqlite/cost_archive.hpp"

namespace postrider::adapters::sqlite {
namespace {

constexpr const char* select_costs =
    "SELECT n.budget_day, c.country, c.status, " POSTRIDER_CARRIER_OF
    ", count(*), sum(n.segments),"
    " sum(max(c.plain_segments - n.segments, 0)), sum(n.spent), sum(n.reserved)"
    " FROM notifications n JOIN contents c ON c.seq = n.seq"
    " WHERE n.budget_day BETWEEN ?1 AND ?2 GROUP BY 1, 2, 3, 4"
    " UNION ALL SELECT day, country, status, carrier, messages, segments, saved, spent, 0"
    " FROM costs WHERE day BETWEEN ?1 AND ?2 ORDER BY 1";

}  // namespace

domain::Result<std::vector<ports::CostLine>> SqliteCostBook::costs(int first, int last) {
  return database_.read([&](Connection& reader) {
    std::vector<ports::CostLine> lines;
    auto row = reader.query(select_costs, first, last);
    while (row.row())
      lines.push_back({row.small(0), row.string(1), row.string(2), row.string(3), row.integer(4),
                       row.integer(5), row.integer(6), row.money(7), row.money(8)});
    return lines;
  });
}

}  // namespace postrider::adapters::sqlite
