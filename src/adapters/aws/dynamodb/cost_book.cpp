#include "adapters/aws/dynamodb/cost_book.hpp"

#include "adapters/aws/dynamodb/tables.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

// A lease is a minute: no more messages are on their way than all workers claim in a minute.
constexpr int max_on_their_way = 100'000;
constexpr std::chrono::hours longest_lease{24};

}  // namespace

domain::Result<std::vector<ports::CostLine>> DynamoDbCostBook::costs(int first, int last) {
  auto lines = sums_.read(first, last);
  if (!lines) return lines;
  const auto sending =
      query_.due(domain::State::sending_sms, database_.now() + longest_lease, max_on_their_way);
  if (!sending) return sending.error();
  std::vector<Key> keys;
  for (const auto& due : *sending)
    keys.push_back({database_.tables().log, log_key(domain::to_string(due.id))});
  const auto items = database_.get(keys);
  if (!items) return items.error();
  for (const auto& item : *items) {
    if (!item || text_of(*item, "state") != domain::name(domain::State::sending_sms)) continue;
    auto line = cost_line(*item);
    line.carrier.clear();
    if (line.day >= first && line.day <= last) lines->push_back(std::move(line));
  }
  return lines;
}

}  // namespace postrider::adapters::aws::dynamodb
