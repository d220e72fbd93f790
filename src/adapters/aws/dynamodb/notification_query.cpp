#include "adapters/aws/dynamodb/notification_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/aws/dynamodb/chain/order_index.hpp"
#include "adapters/aws/dynamodb/notification_item.hpp"
#include "domain/limits/due_share.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Notification;
using domain::Priority;
using domain::State;

constexpr std::array priorities{Priority::high, Priority::normal};

bool passes(const ports::Filter& f, const Notification& n) {
  return (!f.order_id || *f.order_id == n.order_id) &&
         (!f.customer_id || *f.customer_id == n.customer_id) && (!f.state || *f.state == n.state) &&
         (!f.from || n.created_at >= *f.from) && (!f.to || n.created_at < *f.to);
}

/// The key of the place "1795000000000.42"; nullopt where the text is none.
std::optional<std::string> place_of_cursor(const std::string& cursor) {
  std::int64_t ms = 0;
  std::int64_t sequence = 0;
  const char* end = cursor.data() + cursor.size();
  const auto [dot, e1] = std::from_chars(cursor.data(), end, ms);
  if (e1 != std::errc{} || dot == end || *dot != '.') return std::nullopt;
  const auto [last, e2] = std::from_chars(dot + 1, end, sequence);
  if (e2 != std::errc{} || last != end) return std::nullopt;
  return ordered(domain::from_unix_ms(ms), sequence);
}

std::string cursor_at(const Item& item, const Notification& n) {
  return std::to_string(domain::to_unix_ms(n.created_at)) + "." + std::to_string(sequence_of(item));
}

Json index_query(const std::string& table, const char* index, const char* hash, const char* range,
                 std::string_view value, const std::string& from, const std::string& below) {
  // BETWEEN includes its end; nothing sorts directly below `below`, so the caller cuts it off.
  return {{"TableName", table},
          {"IndexName", index},
          {"KeyConditionExpression", "#h = :h AND #r BETWEEN :from AND :below"},
          {"ExpressionAttributeNames", {{"#h", hash}, {"#r", range}}},
          {"ExpressionAttributeValues",
           {{":h", text(value)}, {":from", text(from)}, {":below", text(below)}}}};
}

}  // namespace

domain::Result<std::vector<Item>> DynamoDbNotificationQuery::due_of(State state, Priority priority,
                                                                    const std::string& below,
                                                                    std::size_t max_items) {
  std::vector<Item> due_items;
  for (int shard = 0; shard < due_shards; ++shard) {
    auto request = index_query(database_.tables().log, due_index, "due_shard", "due_key",
                               due_shard(state, priority, shard), "0", below);
    if (max_items < 1000) request["Limit"] = max_items;
    auto items = database_.query(std::move(request), max_items);
    if (!items) return items.error();
    std::move(items->begin(), items->end(), std::back_inserter(due_items));
  }
  std::sort(due_items.begin(), due_items.end(), [](const Item& a, const Item& b) {
    return text_of(a, "due_key") < text_of(b, "due_key");
  });
  if (due_items.size() > max_items) due_items.resize(max_items);
  return due_items;
}

domain::Result<std::vector<ports::Due>> DynamoDbNotificationQuery::due(State state,
                                                                       domain::TimePoint now,
                                                                       int limit) {
  const auto max_items = static_cast<std::size_t>(limit);
  const auto below = ordered_from(now + domain::Milliseconds{1});
  auto high = due_of(state, Priority::high, below, max_items);
  if (!high) return high.error();
  auto normal = due_of(state, Priority::normal, below, max_items);
  if (!normal) return normal.error();
  const auto share = domain::share_of_due({high->size(), normal->size()}, max_items);
  high->resize(share.high);
  normal->resize(share.normal);
  std::vector<ports::Due> found;
  for (const auto* items : {&*high, &*normal})
    for (const auto& item : *items)
      if (const auto id = domain::parse_notification_id(text_of(item, "notification_id")))
        found.push_back({*id, static_cast<int>(number_of(item, "segments")),
                         items == &*high ? Priority::high : Priority::normal});
      else
        set_aside_.unreadable(item, "notification_id");
  return found;
}

domain::Result<std::optional<ports::Due>> DynamoDbNotificationQuery::newest_due(
    State state, domain::TimePoint now) {
  const auto below = ordered_from(now + domain::Milliseconds{1});
  for (const auto priority : {Priority::normal, Priority::high}) {
    std::optional<Item> newest;
    for (int shard = 0; shard < due_shards; ++shard) {
      auto request = index_query(database_.tables().log, due_index, "due_shard", "due_key",
                                 due_shard(state, priority, shard), "0", below);
      request["ScanIndexForward"] = false;
      request["Limit"] = 1;
      const auto items = database_.query(std::move(request), 1);
      if (!items) return items.error();
      if (!items->empty() &&
          (!newest || text_of(*newest, "due_key") < text_of(items->front(), "due_key")))
        newest = items->front();
    }
    if (!newest) continue;
    if (const auto id = domain::parse_notification_id(text_of(*newest, "notification_id")))
      return std::optional{
          ports::Due{*id, static_cast<int>(number_of(*newest, "segments")), priority}};
  }
  return std::optional<ports::Due>{};
}

domain::Result<std::optional<domain::TimePoint>> DynamoDbNotificationQuery::next_due() {
  std::optional<std::string> next;
  for (const auto state : domain::moving_states)
    for (const auto priority : priorities) {
      const auto first = due_of(state, priority, "9", 1);
      if (!first) return first.error();
      if (first->empty()) continue;
      auto due_at = text_of(first->front(), "due_key");
      if (!next || due_at < *next) next = std::move(due_at);
    }
  if (!next) return std::optional<domain::TimePoint>{};
  std::int64_t ms = 0;
  std::from_chars(next->data(), next->data() + next->size(), ms);
  return std::optional{domain::from_unix_ms(ms)};
}

/// The whole items that pass the filter, newest first, at most `max_items`, only below `below`.
domain::Result<std::vector<Item>> DynamoDbNotificationQuery::found_by(const ports::Filter& filter,
                                                                      const std::string& below,
                                                                      std::size_t max_items) {
  const auto& log = database_.tables().log;
  const auto from = filter.from ? ordered_from(*filter.from) : std::string{"0"};
  auto until = filter.to ? std::min(ordered_from(*filter.to), below) : below;
  if (until < from) return std::vector<Item>{};
  Json request;
  if (filter.order_id) {
    request = index_query(log, order_index, "order_id", "place", *filter.order_id, from, until);
  } else if (filter.customer_id) {
    request =
        index_query(log, customer_index, "customer_id", "place", *filter.customer_id, from, until);
  }
  if (!request.is_null()) request["ScanIndexForward"] = false;
  auto items = request.is_null() ? database_.scan({{"TableName", log}, {"ConsistentRead", true}})
                                 : database_.query(std::move(request), without_end);
  if (!items) return items.error();
  if (filter.order_id) {
    items = whole(std::move(*items));
    if (!items) return items.error();
  }
  std::erase_if(*items, [&](const Item& item) {
    const auto n = set_aside_.read(item);
    return text_of(item, "place") >= below || !n || !passes(filter, *n);
  });
  std::sort(items->begin(), items->end(),
            [](const Item& a, const Item& b) { return text_of(a, "place") > text_of(b, "place"); });
  if (items->size() > max_items) items->resize(max_items);
  return items;
}

domain::Result<std::vector<Item>> DynamoDbNotificationQuery::whole(std::vector<Item> keys_only) {
  std::vector<Key> keys;
  for (const auto& item : keys_only)
    keys.push_back({database_.tables().log, log_key(text_of(item, "notification_id"))});
  auto found = database_.get(keys);
  if (!found) return found.error();
  std::vector<Item> items;
  for (auto& item : *found)
    if (item) items.push_back(std::move(*item));
  return items;
}

domain::Result<ports::Page> DynamoDbNotificationQuery::list(const ports::Filter& filter, int limit,
                                                            const std::string& cursor) {
  const auto below = cursor.empty() ? std::optional{std::string{"9"}} : place_of_cursor(cursor);
  if (!below) return domain::Error{domain::ErrorKind::invalid, "no such cursor"};
  const auto max_items = static_cast<std::size_t>(limit);
  const auto items = found_by(filter, *below, max_items + 1);
  if (!items) return items.error();
  ports::Page page;
  for (const auto& item : *items) {
    if (page.notifications.size() == max_items) {
      const auto& last = (*items)[max_items - 1];
      page.next_cursor = cursor_at(last, page.notifications.back());
      break;
    }
    page.notifications.push_back(*notification_of(item));
  }
  return page;
}

domain::Result<std::optional<domain::NotificationDetails>> DynamoDbNotificationQuery::details(
    const domain::NotificationId& id) {
  const Key key{database_.tables().log, log_key(domain::to_string(id))};
  const auto found = database_.get({&key, 1});
  if (!found) return found.error();
  const auto& item = found->front();
  if (!item) return std::optional<domain::NotificationDetails>{};
  auto details = details_of(*item);
  if (!details) {
    set_aside_.unreadable(*item, unreadable_attribute(*item));
    return domain::Error{domain::ErrorKind::corrupt,
                         "the notification " + domain::to_string(id) + " can't be read"};
  }
  return details;
}

domain::Result<std::vector<domain::ChainFacts>> DynamoDbNotificationQuery::chains(
    std::span<const Notification> batch, domain::TimePoint now) {
  std::vector<domain::ChainFacts> chains;
  for (const auto& n : batch) {
    auto facts = chain_of(database_, set_aside_, n, ChainPart::newer, now);
    if (!facts) return facts.error();
    chains.push_back(*facts);
  }
  return chains;
}

domain::Result<std::map<State, std::int64_t>> DynamoDbNotificationQuery::counts() {
  const auto items =
      database_.scan({{"TableName", database_.tables().log},
                      {"ConsistentRead", true},
                      {"ProjectionExpression", "#state, #ttl"},
                      {"ExpressionAttributeNames", {{"#state", "state"}, {"#ttl", "ttl"}}}});
  if (!items) return items.error();
  std::map<State, std::int64_t> counts;
  for (const auto& item : *items)
    if (const auto state = domain::parse_state(text_of(item, "state"))) ++counts[*state];
  return counts;
}

}  // namespace postrider::adapters::aws::dynamodb
