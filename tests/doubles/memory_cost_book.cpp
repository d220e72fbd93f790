#include "doubles/memory_cost_book.hpp"

#include <algorithm>

namespace postrider::doubles {

ports::CostLine cost_line(const MemoryWorld::Row& row) {
  const auto& n = row.notification;
  ports::CostLine line;
  line.day = n.budget_day;
  line.country = n.content.country;
  line.status = n.status;
  for (const auto& [no, attempt] : row.attempts)
    if (attempt.submission.channel == domain::Channel::sms &&
        attempt.submission.outcome != domain::Submitted::refused)
      line.carrier = attempt.submission.carrier;
  line.messages = 1;
  line.segments = n.content.segments;
  line.saved = std::max(n.content.plain_segments - n.content.segments, 0);
  line.spent = n.spent;
  line.reserved = n.reserved;
  return line;
}

domain::Result<std::vector<ports::CostLine>> MemoryCostBook::costs(int first, int last) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  const auto within = [&](int day) { return day >= first && day <= last; };
  std::vector<ports::CostLine> lines;
  for (const auto& [id, row] : world_.rows)
    if (within(row.notification.budget_day)) lines.push_back(cost_line(row));
  for (const auto& line : world_.archive)
    if (within(line.day)) lines.push_back(line);
  return lines;
}

}  // namespace postrider::doubles
