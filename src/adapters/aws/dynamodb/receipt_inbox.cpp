#include "adapters/aws/dynamodb/receipt_inbox.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <set>

#include "adapters/aws/dynamodb/database/update.hpp"
#include "adapters/aws/dynamodb/notification_item.hpp"
#include "domain/limits/item_limits.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Receipt;
using MessageKey = ports::NotificationStore::MessageKey;

constexpr std::string_view prefix = "r_";  // of the attributes that are receipts
constexpr int shards = 4;
constexpr std::chrono::hours kept_for{72};
// Every program with SNS in the account adds its receipts to ours: the sweeper looks only at
// receipts that a sender may still be about to record, or has just recorded without finding them.
constexpr std::chrono::hours recent{1};

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

std::string name_of(const MessageKey& key) { return key.carrier + "#" + key.message_id; }

int shard_of(const MessageKey& key) { return digest(name_of(key)).front() % shards; }

Json key_of(const MessageKey& key) {
  return guard_key("inbox#" + std::to_string(shard_of(key)), name_of(key));
}

/// The partition of the messages whose receipts came last, in the order of arrival.
std::string recent_pk(int shard) { return "inbox_recent#" + std::to_string(shard); }

/// The attribute's name: the same for the same receipt, so that it is kept once.
std::string name_of(const Receipt& receipt) {
  return std::string{prefix} + digest(receipt_value(receipt).dump());
}

struct Kept {
  std::int64_t sequence = 0;
  Receipt receipt;
};

std::vector<Kept> receipts_in(const Item& item) {
  std::vector<Kept> receipts;
  for (const auto& [name, value] : item.items()) {
    if (!name.starts_with(prefix)) continue;
    const auto& map = map_of(item, name);
    if (auto receipt = receipt_of(map))
      receipts.push_back({number_of(map, "sequence"), std::move(*receipt)});
  }
  return receipts;
}

std::vector<Receipt> oldest_first(std::vector<Kept> kept) {
  std::sort(kept.begin(), kept.end(),
            [](const Kept& a, const Kept& b) { return a.sequence < b.sequence; });
  std::vector<Receipt> receipts;
  for (auto& entry : kept) receipts.push_back(std::move(entry.receipt));
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
    const MessageKey message{receipt.carrier, receipt.message_id};
    const auto sequence = database_.next_sequence();
    const auto name = name_of(receipt);
    auto value = receipt_value(receipt);
    put(value["M"], "sequence", sequence);
    Update update{database_.tables().guard, key_of(message)};
    update.set(name, std::move(value));
    update.set("ttl", number(domain::to_unix_ms(now + kept_for) / 1000));
    const auto count = update.name("kept");
    update.add("kept", 1);
    update.require("attribute_not_exists(" + update.name(name) + ")");
    update.require("attribute_not_exists(" + count + ") OR " + count + " < " +
                   update.value(number(domain::max_kept_receipts(receipt.outcome))));
    writes.push_back({"UpdateItem", update.request("NONE"), Repeat::safe});
    Update pointer{database_.tables().guard,
                   guard_key(recent_pk(shard_of(message)), ordered(now, sequence))};
    pointer.set("carrier", text(message.carrier));
    pointer.set("message_id", text(message.message_id));
    pointer.set("ttl", number(domain::to_unix_ms(now + 2 * recent) / 1000));
    writes.push_back({"UpdateItem", pointer.request("NONE"), Repeat::safe});
  }
  return all_done(database_.write(writes));
}

domain::Result<std::vector<Receipt>> DynamoDbReceiptInbox::find(std::span<const MessageKey> keys) {
  std::vector<Key> wanted;
  std::set<Json> seen;
  for (const auto& key : keys)
    if (auto item_key = key_of(key); seen.insert(item_key).second)
      wanted.push_back({database_.tables().guard, std::move(item_key)});
  const auto items = database_.get(wanted);
  if (!items) return items.error();
  std::vector<Kept> kept;
  for (const auto& item : *items)
    if (item)
      for (auto& entry : receipts_in(*item)) kept.push_back(std::move(entry));
  return oldest_first(std::move(kept));
}

domain::Result<std::vector<MessageKey>> DynamoDbReceiptInbox::recent_messages() {
  std::set<MessageKey> messages;
  for (int shard = 0; shard < shards; ++shard) {
    auto found = database_.query({{"TableName", database_.tables().guard},
                                  {"KeyConditionExpression", "#pk = :pk AND #sk >= :since"},
                                  {"ExpressionAttributeNames", {{"#pk", "pk"}, {"#sk", "sk"}}},
                                  {"ExpressionAttributeValues",
                                   {{":pk", text(recent_pk(shard))},
                                    {":since", text(ordered_from(database_.now() - recent))}}}},
                                 without_end);
    if (!found) return found.error();
    for (const auto& item : *found)
      messages.insert({text_of(item, "carrier"), text_of(item, "message_id")});
  }
  return std::vector<MessageKey>{messages.begin(), messages.end()};
}

domain::Result<std::vector<Receipt>> DynamoDbReceiptInbox::matched(int limit) {
  const auto messages = recent_messages();
  if (!messages) return messages.error();
  std::vector<Key> pointers;
  for (const auto& message : *messages)
    pointers.push_back({database_.tables().status, message_key(message)});
  const auto known = database_.get(pointers);
  if (!known) return known.error();
  std::vector<MessageKey> ours;
  for (std::size_t i = 0; i < messages->size(); ++i)
    if ((*known)[i]) ours.push_back((*messages)[i]);
  auto receipts = find(ours);
  if (receipts && receipts->size() > static_cast<std::size_t>(limit))
    receipts->resize(static_cast<std::size_t>(limit));
  return receipts;
}

domain::Result<domain::Done> DynamoDbReceiptInbox::drop(std::span<const Receipt> receipts) {
  std::vector<Write> writes;
  for (const auto& receipt : receipts) {
    const auto name = name_of(receipt);
    Update update{database_.tables().guard, key_of({receipt.carrier, receipt.message_id})};
    update.remove(name);  // an item without receipts goes by its time to live
    update.add("kept", -1);
    update.require("attribute_exists(" + update.name(name) + ")");
    writes.push_back({"UpdateItem", update.request("NONE"), Repeat::safe});
  }
  return all_done(database_.write(writes));
}

/// Returns 0: receipts have a time to live.
domain::Result<int> DynamoDbReceiptInbox::expire(domain::TimePoint) { return 0; }

}  // namespace postrider::adapters::aws::dynamodb
