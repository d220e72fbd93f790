#include "adapters/aws/dynamodb/chain/order_index.hpp"

#include <algorithm>

#include "adapters/aws/dynamodb/notification_item.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Notification;

/// The first place that a notification of a higher rank than `n` can have: none happens after its
/// own intake. Those of a long batch have one time, and intakes that run ahead of it.
std::string first_place_above(const Notification& n, const domain::Rank& own) {
  const auto ms = std::min(own.at / 1000, domain::to_unix_ms(n.created_at));
  return ordered_from(domain::from_unix_ms(std::max<std::int64_t>(ms, 0)));
}

/// True for an entry of the index that may be of the chain of `n`; the index does not have parcels.
bool may_count(const Item& entry, const Notification& n, const domain::Rank& own, ChainPart part) {
  const auto id = domain::parse_notification_id(text_of(entry, "notification_id"));
  const std::string mode = n.mode == domain::Mode::test ? "test" : "";
  if (!id || *id == n.id || text_of(entry, "shop") != n.shop || text_of(entry, "mode") != mode)
    return false;
  const auto sequence = sequence_of(entry);
  return part == ChainPart::all ||
         domain::rank_of(time_of(entry, "occurred_at"), sequence, sequence, *id) > own;
}

}  // namespace

domain::Result<domain::ChainFacts> chain_of(Database& database, SetAside& set_aside,
                                            const Notification& n, ChainPart part,
                                            domain::TimePoint now) {
  domain::ChainFacts facts;
  if (!domain::has_chain(n)) return facts;
  const auto own = domain::rank_of(n);
  const auto from = part == ChainPart::all ? std::string{"0"} : first_place_above(n, own);
  const auto entries = database.query(
      {{"TableName", database.tables().log},
       {"IndexName", order_index},
       {"KeyConditionExpression", "#order = :order AND #place >= :from"},
       {"ExpressionAttributeNames", {{"#order", "order_id"}, {"#place", "place"}}},
       {"ExpressionAttributeValues", {{":order", text(n.order_id)}, {":from", text(from)}}}},
      without_end);
  if (!entries) return entries.error();
  std::vector<Key> keys;
  for (const auto& entry : *entries)
    if (may_count(entry, n, own, part))
      keys.push_back({database.tables().log, log_key(text_of(entry, "notification_id"))});
  if (keys.empty()) return facts;
  const auto items = database.get(keys);
  if (!items) return items.error();
  for (const auto& item : *items) {
    const auto other = set_aside.read(item);
    if (other && domain::is_same_chain(*other, n))
      facts.add(own, domain::member_of(*other, domain::rank_of(*other)), now);
  }
  return facts;
}

}  // namespace postrider::adapters::aws::dynamodb
