#include "adapters/sqlite/cost_archive.hpp"

namespace postrider::adapters::sqlite {
namespace {

constexpr const char* add_costs =
    "INSERT INTO costs(day, country, status, carrier, messages, segments, saved, spent)"
    " VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(day, country, status, carrier) DO UPDATE SET"
    " messages = messages + excluded.messages, segments = segments + excluded.segments,"
    " saved = saved + excluded.saved, spent = spent + excluded.spent";

}  // namespace

void CostArchive::add(const ports::CostLine& line) {
  if (line.day == 0) return;
  auto& sum = lines_[{line.day, line.country, line.status, line.carrier}];
  sum.messages += line.messages;
  sum.segments += line.segments;
  sum.saved += line.saved;
  sum.spent += line.spent;
}

void CostArchive::write() {
  for (const auto& [key, sum] : lines_) {
    const auto& [day, country, status, carrier] = key;
    writer_.run(add_costs, day, country, status, carrier, sum.messages, sum.segments, sum.saved,
                sum.spent);
  }
}

}  // namespace postrider::adapters::sqlite
