#include "adapters/aws/dynamodb/chain/fence.hpp"

#include <charconv>

#include "adapters/aws/dynamodb/database/update.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Rank;

// Control characters are refused in names.
constexpr char separator = '\x1f';

/// "1795000000000000 1795000000000000 0190…": time, intake, id.
std::string text_of(const Rank& rank) {
  return std::to_string(rank.at) + " " + std::to_string(rank.intake) + " " +
         domain::to_string(rank.id);
}

std::optional<Rank> rank_in(std::string_view text) {
  Rank rank;
  const char* end = text.data() + text.size();
  const auto [gap, e1] = std::from_chars(text.data(), end, rank.at);
  if (e1 != std::errc{} || gap == end || *gap != ' ') return std::nullopt;
  const auto [second_gap, e2] = std::from_chars(gap + 1, end, rank.intake);
  if (e2 != std::errc{} || second_gap == end || *second_gap != ' ') return std::nullopt;
  const auto id = domain::parse_notification_id({second_gap + 1, end});
  if (!id) return std::nullopt;
  rank.id = *id;
  return rank;
}

}  // namespace

FenceItem::FenceItem(const Item& item)
    : fence{rank_in(dynamodb::text_of(item, "told")), rank_in(dynamodb::text_of(item, "last"))},
      version{number_of(item, "version")} {}

Json FenceItem::key_of(const domain::Notification& n) {
  return guard_key("chain#" + std::string{n.mode == domain::Mode::test ? "test" : "live"} + "#" +
                       n.shop + separator + n.order_id,
                   "-" + n.parcel);
}

Json FenceItem::take(const Database& database, const Json& key, const Rank& taken) const {
  Update update{database.tables().guard, key};
  const auto seconds = domain::to_unix_ms(database.now()) / 1000;
  if (version == 0) {
    // DynamoDB deletes an item over its time within days, not at once.
    update.require("attribute_not_exists(" + update.name("version") + ") OR " + update.name("ttl") +
                   " <= " + update.value(number(seconds)));
  } else {
    update.require_equal("version", number(version));
  }
  update.set("last", text(text_of(taken))).set("version", number(version + 1));
  if (fence.told) {
    update.set("told", text(text_of(*fence.told)));
  } else {
    update.remove("told");
  }
  // It outlives the records of all that were taken in so far.
  update.set("ttl", number(domain::to_unix_ms(database.now() + database.retention()) / 1000));
  return update.action();
}

}  // namespace postrider::adapters::aws::dynamodb
