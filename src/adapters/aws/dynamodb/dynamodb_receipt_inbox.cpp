#include "adapters/aws/dynamodb/dynamodb_receipt_inbox.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <set>

#include "adapters/aws/dynamodb/notification_item.hpp"
#include "adapters/aws/dynamodb/update.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Receipt;
using MessageKey = ports::NotificationStore::MessageKey;

constexpr std::string_view prefix = "r_";  // of the attributes that are receipts
constexpr int shards = 4;
constexpr std::chrono::hours keep_at_most{24 * 7};  // expire() comes first

std::string digest(std::string_view octets) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  EVP_Digest(octets.data(), octets.size(), hash.data(), &size, EVP_sha256(), nullptr);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < 12; ++i) {
    text += digits[hash[i] >> 4];
    text += digits[hash[i] & 15];
  }
  return text;
}

std::string shard_pk(int shard) { return "inbox#" + std::to_string(shard); }

Json key_of(const MessageKey& key) {
  const auto name = key.carrier + "#" + key.message_id;
  return guard_key(shard_pk(digest(name).front() % shards), name);
}

/// The same receipt has the same name, so that it is kept once.
std::string name_of(const Receipt& receipt) {
  return std::string{prefix} + digest(receipt_value(receipt).dump());
}

struct Kept {
  domain::TimePoint at;
  std::int64_t sequence = 0;
  std::string name;
  Receipt receipt;
};

std::vector<Kept> receipts_in(const Item& item) {
  std::vector<Kept> all;
  for (const auto& [name, value] : item.items()) {
    if (!name.starts_with(prefix)) continue;
    const auto& map = map_of(item, name);
    if (auto receipt = receipt_of(map))
      all.push_back({time_of(map, "kept_at").value_or(domain::TimePoint{}),
                     number_of(map, "sequence"), name, std::move(*receipt)});
  }
  return all;
}

std::vector<Receipt> oldest_first(std::vector<Kept> kept) {
  std::sort(kept.begin(), kept.end(),
            [](const Kept& a, const Kept& b) { return a.sequence < b.sequence; });
  std::vector<Receipt> receipts;
  for (auto& one : kept) receipts.push_back(std::move(one.receipt));
  return receipts;
}

domain::Result<domain::Done> all_done(const std::vector<WriteOutcome>& outcomes) {
  for (const auto& outcome : outcomes)
    if (!outcome.done() && !outcome.refused()) return outcome.error;
  return domain::Done{};
}

}  // namespace

domain::Result<domain::Done> DynamoDbReceiptInbox::keep(std::span<const Receipt> receipts,
                                                        domain::TimePoint now) {
  std::vector<Write> writes;
  for (const auto& receipt : receipts) {
    const auto name = name_of(receipt);
    auto value = receipt_value(receipt);
    put_time(value["M"], "kept_at", now);
    put(value["M"], "sequence", database_.next_sequence());
    Update update{database_.tables().guard, key_of({receipt.carrier, receipt.message_id})};
    update.set(name, std::move(value));
    update.set("ttl", number(domain::to_unix_ms(now + keep_at_most) / 1000));
    update.require("attribute_not_exists(" + update.name(name) + ")");
    writes.push_back({"UpdateItem", update.request("NONE"), Repeat::safe});
  }
  return all_done(database_.write(writes));
}

domain::Result<std::vector<Receipt>> DynamoDbReceiptInbox::find(std::span<const MessageKey> keys) {
  std::vector<Key> wanted;
  std::set<Json> seen;
  for (const auto& key : keys)
    if (auto own = key_of(key); seen.insert(own).second)
      wanted.push_back({database_.tables().guard, std::move(own)});
  const auto items = database_.get(wanted);
  if (!items) return items.error();
  std::vector<Kept> kept;
  for (const auto& item : *items)
    if (item)
      for (auto& one : receipts_in(*item)) kept.push_back(std::move(one));
  return oldest_first(std::move(kept));
}

domain::Result<std::vector<Item>> DynamoDbReceiptInbox::all() {
  std::vector<Item> items;
  for (int shard = 0; shard < shards; ++shard) {
    auto found = database_.query({{"TableName", database_.tables().guard},
                                  {"ConsistentRead", true},
                                  {"KeyConditionExpression", "#pk = :pk"},
                                  {"ExpressionAttributeNames", {{"#pk", "pk"}}},
                                  {"ExpressionAttributeValues", {{":pk", text(shard_pk(shard))}}}},
                                 without_end);
    if (!found) return found.error();
    std::move(found->begin(), found->end(), std::back_inserter(items));
  }
  return items;
}

domain::Result<std::vector<Receipt>> DynamoDbReceiptInbox::matched(int limit) {
  const auto items = all();
  if (!items) return items.error();
  std::vector<Kept> kept;
  std::vector<Key> pointers;
  for (const auto& item : *items)
    for (auto& one : receipts_in(item)) {
      pointers.push_back(
          {database_.tables().status, message_key({one.receipt.carrier, one.receipt.message_id})});
      kept.push_back(std::move(one));
    }
  const auto known = database_.get(pointers);
  if (!known) return known.error();
  std::vector<Kept> matched;
  for (std::size_t i = 0; i < kept.size(); ++i)
    if ((*known)[i]) matched.push_back(std::move(kept[i]));
  auto receipts = oldest_first(std::move(matched));
  if (receipts.size() > static_cast<std::size_t>(limit))
    receipts.resize(static_cast<std::size_t>(limit));
  return receipts;
}

domain::Result<domain::Done> DynamoDbReceiptInbox::drop(std::span<const Receipt> receipts) {
  std::vector<Write> writes;
  for (const auto& receipt : receipts) {
    const auto name = name_of(receipt);
    Update update{database_.tables().guard, key_of({receipt.carrier, receipt.message_id})};
    update.remove(name);  // an item without receipts goes by its time to live
    update.require("attribute_exists(" + update.name(name) + ")");
    writes.push_back({"UpdateItem", update.request("NONE"), Repeat::safe});
  }
  return all_done(database_.write(writes));
}

domain::Result<int> DynamoDbReceiptInbox::expire(domain::TimePoint horizon) {
  const auto items = all();
  if (!items) return items.error();
  std::vector<Receipt> old;
  for (const auto& item : *items)
    for (auto& one : receipts_in(item))
      if (one.at < horizon) old.push_back(std::move(one.receipt));
  if (const auto dropped = drop(old); !dropped) return dropped.error();
  return static_cast<int>(old.size());
}

}  // namespace postrider::adapters::aws::dynamodb
