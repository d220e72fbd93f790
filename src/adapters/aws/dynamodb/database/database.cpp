#include "adapters/aws/dynamodb/database/database.hpp"

#include <openssl/rand.h>

#include <array>
#include <map>
#include <thread>

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Error;
using domain::ErrorKind;

constexpr std::size_t max_keys = 100;  // of a BatchGetItem
constexpr std::size_t max_puts = 25;   // of a BatchWriteItem
constexpr int conflict_tries = 8;

Error unreadable(const char* operation) {
  return {ErrorKind::corrupt, std::string{"DYNAMODB "} + operation + ": an answer without JSON"};
}

/// The body of an answer, or the error of the call.
domain::Result<Json> body_of(const client::Call& call, const client::Reply& reply) {
  const auto* answer = std::get_if<client::Answer>(&reply);
  if (answer == nullptr) return client::error_of(call, reply);
  auto body = Json::parse(answer->body, nullptr, false);
  if (!body.is_object()) return unreadable(call.target.c_str());
  return body;
}

bool passes_by_itself(const std::string& code) {
  return code == "TransactionConflict" || code == "ThrottlingError" ||
         code == "ProvisionedThroughputExceeded" || code == "RequestLimitExceeded";
}

Json batch_get_request(const std::vector<Key>& keys) {
  Json tables = Json::object();
  for (const auto& [table, key] : keys) {
    auto& request = tables[table];
    request["ConsistentRead"] = true;
    request["Keys"].push_back(key);
  }
  return {{"RequestItems", std::move(tables)}};
}

const Json& list_in(const Json& object, const std::string& name) {
  static const Json empty = Json::array();
  const auto found = object.find(name);
  return found == object.end() ? empty : *found;
}

bool has_key(const Item& item, const Json& key) {
  for (const auto& [name, value] : key.items())
    if (const auto found = item.find(name); found == item.end() || *found != value) return false;
  return true;
}

std::vector<Key> unprocessed_keys(const Json& tables) {
  std::vector<Key> keys;
  if (!tables.is_object()) return keys;
  for (const auto& [table, request] : tables.items())
    for (const auto& key : list_in(request, "Keys")) keys.push_back({table, key});
  return keys;
}

struct Judged {
  WriteOutcome outcome;
  bool again = false;
};

Judged judge_cancelled(const client::Call& call, const client::Reply& reply, const Json& body) {
  Judged judged;
  judged.outcome.error = client::error_of(call, reply);
  judged.outcome.not_done = !std::get<client::Refusal>(reply).may_be_done();
  const auto reasons = body.find("CancellationReasons");
  if (reasons == body.end() || !reasons->is_array()) return judged;
  bool refused = false;
  for (const auto& reason : *reasons) {
    const std::string code = reason.value("Code", "");
    const bool failed = code == "ConditionalCheckFailed";
    judged.outcome.failed.push_back(failed);
    judged.outcome.found.push_back(reason.value("Item", Json::object()));
    refused = refused || failed;
    judged.again = judged.again || passes_by_itself(code);
    judged.outcome.invalid = judged.outcome.invalid || code == "ValidationError";
  }
  if (refused) {
    judged.outcome.kind = WriteOutcome::Kind::condition_failed;
    judged.outcome.invalid = false;
    judged.again = false;
  }
  return judged;
}

Judged judge(const client::Call& call, const client::Reply& reply) {
  Judged judged;
  if (const auto* answer = std::get_if<client::Answer>(&reply)) {
    const auto body = Json::parse(answer->body, nullptr, false);
    judged.outcome.error = unreadable(call.target.c_str());
    if (!body.is_object()) return judged;
    judged.outcome.kind = WriteOutcome::Kind::done;
    judged.outcome.item = body.value("Attributes", Json::object());
    return judged;
  }
  judged.outcome.error = client::error_of(call, reply);
  if (const auto* none = std::get_if<client::NoReply>(&reply))
    judged.outcome.not_done = none->not_done;
  const auto* refusal = std::get_if<client::Refusal>(&reply);
  if (refusal == nullptr) return judged;
  judged.outcome.not_done = !refusal->may_be_done();
  judged.outcome.invalid = refusal->code == "ValidationException";
  const auto body = Json::parse(refusal->body, nullptr, false);
  if (refusal->code == "TransactionCanceledException" && body.is_object())
    return judge_cancelled(call, reply, body);
  if (refusal->code == "ConditionalCheckFailedException") {
    judged.outcome.kind = WriteOutcome::Kind::condition_failed;
    judged.outcome.failed = {true};
    judged.outcome.found = {body.is_object() ? body.value("Item", Json::object()) : Json::object()};
  }
  // The code of a single write that meets a transaction on its item.
  judged.again = refusal->code == "TransactionConflictException";
  return judged;
}

}  // namespace

client::Call call_of(const char* operation, const Json& request, Repeat repeat) {
  return {client::dynamodb,
          std::string{"DynamoDB_20120810."} + operation,
          "application/x-amz-json-1.0",
          "/",
          request.dump(-1, ' ', false, Json::error_handler_t::replace),
          repeat};
}

Database::Database(client::Client& client, ports::Clock& clock, Tables tables,
                   domain::Milliseconds retention, domain::Milliseconds requeue_after)
    : client_{client},
      clock_{clock},
      tables_{std::move(tables)},
      retention_{retention},
      requeue_after_{requeue_after} {}

bool Database::is_alive(const Item& item) const {
  const auto ttl = optional_number(item, "ttl");
  return !ttl || *ttl > domain::to_unix_ms(clock_.now()) / 1000;
}

domain::Result<std::vector<std::optional<Item>>> Database::get(std::span<const Key> keys) {
  std::map<Key, std::vector<std::size_t>> wanted;  // a key twice in one request is an error
  for (std::size_t i = 0; i < keys.size(); ++i) wanted[keys[i]].push_back(i);
  std::vector<std::optional<Item>> items(keys.size());
  std::vector<Key> pending;
  auto next = wanted.begin();
  for (int idle_rounds = 0; next != wanted.end() || !pending.empty();) {
    while (pending.size() < max_keys && next != wanted.end()) pending.push_back((next++)->first);
    const auto call = call_of("BatchGetItem", batch_get_request(pending), Repeat::safe);
    auto body = body_of(call, client_.call(call));
    if (!body) return body.error();
    bool idle = true;
    for (const auto& key : pending) {
      for (const auto& item : list_in((*body)["Responses"], key.table)) {
        if (!has_key(item, key.key)) continue;
        idle = false;
        if (is_alive(item))
          for (const auto i : wanted[key]) items[i] = item;
      }
    }
    // Over 16 MB or over the throughput: the rest is requested again.
    pending = unprocessed_keys((*body)["UnprocessedKeys"]);
    idle_rounds = idle && !pending.empty() ? idle_rounds + 1 : 0;
    if (idle_rounds == conflict_tries)
      return Error{ErrorKind::unavailable, "DYNAMODB BatchGetItem: keys stay unprocessed"};
    if (idle_rounds > 0) std::this_thread::sleep_for(std::chrono::milliseconds{50} * idle_rounds);
  }
  return items;
}

domain::Result<std::vector<Item>> Database::pages(const char* operation, Json request,
                                                  std::size_t max_items) {
  std::vector<Item> items;
  while (true) {
    const auto call = call_of(operation, request, Repeat::safe);
    auto body = body_of(call, client_.call(call));
    if (!body) return body.error();
    for (auto& item : (*body)["Items"]) {
      if (items.size() == max_items) return items;
      if (is_alive(item)) items.push_back(std::move(item));
    }
    const auto last = body->find("LastEvaluatedKey");
    if (last == body->end() || last->is_null() || last->empty() || items.size() == max_items)
      return items;
    request["ExclusiveStartKey"] = *last;
  }
}

domain::Result<std::vector<Item>> Database::query(Json request, std::size_t max_items) {
  return pages("Query", std::move(request), max_items);
}

domain::Result<std::vector<Item>> Database::scan(Json request) {
  return pages("Scan", std::move(request), without_end);
}

std::vector<WriteOutcome> Database::write(std::span<const Write> writes) {
  std::vector<WriteOutcome> outcomes(writes.size());
  std::vector<bool> in_doubt(writes.size());  // an earlier call may have done it
  std::vector<std::size_t> pending(writes.size());
  for (std::size_t i = 0; i < pending.size(); ++i) pending[i] = i;
  for (int tries = 1; !pending.empty(); ++tries) {
    std::vector<client::Call> calls;
    for (const auto i : pending) {
      calls.push_back(call_of(writes[i].operation, writes[i].request, writes[i].repeat));
      calls.back().leads_to_message = writes[i].leads_to_message;
    }
    const auto replies = client_.call(calls);
    std::vector<std::size_t> again;
    for (std::size_t k = 0; k < pending.size(); ++k) {
      auto judged = judge(calls[k], replies[k]);
      if (in_doubt[pending[k]]) judged.outcome.not_done = false;
      in_doubt[pending[k]] = !judged.outcome.not_done;
      if (judged.again && tries < conflict_tries) again.push_back(pending[k]);
      outcomes[pending[k]] = std::move(judged.outcome);
    }
    pending = std::move(again);
    if (!pending.empty()) {
      const auto jitter = static_cast<int>(next_sequence() % 16);
      std::this_thread::sleep_for(std::chrono::milliseconds{(5 + jitter) * tries});
    }
  }
  return outcomes;
}

domain::Result<domain::Done> Database::put_all(const std::string& table, std::vector<Item> items) {
  std::size_t next = 0;
  Json pending = Json::array();
  for (int tries = 0; next < items.size() || !pending.empty(); ++tries) {
    while (pending.size() < max_puts && next < items.size())
      pending.push_back({{"PutRequest", {{"Item", std::move(items[next++])}}}});
    const auto sent = pending.size();
    const auto call =
        call_of("BatchWriteItem", Json{{"RequestItems", {{table, pending}}}}, Repeat::safe);
    auto body = body_of(call, client_.call(call));
    if (!body) return body.error();
    pending = (*body)["UnprocessedItems"].value(table, Json::array());
    if (pending.size() < sent) tries = 0;
    if (tries == conflict_tries)
      return Error{ErrorKind::unavailable, "DYNAMODB BatchWriteItem: items stay unprocessed"};
    if (!pending.empty()) std::this_thread::sleep_for(std::chrono::milliseconds{50} * (tries + 1));
  }
  return domain::Done{};
}

std::string Database::fresh_token() {
  std::array<unsigned char, 12> octets{};
  RAND_bytes(octets.data(), octets.size());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string token;
  for (const auto octet : octets) {
    token += digits[octet >> 4];
    token += digits[octet & 15];
  }
  return token;
}

std::int64_t Database::next_sequence() {
  const std::int64_t now = domain::to_unix_ms(clock_.now()) * 1000;
  std::int64_t last = sequence_;
  std::int64_t next = 0;
  do next = std::max(last + 1, now);
  while (!sequence_.compare_exchange_weak(last, next));
  return next;
}

}  // namespace postrider::adapters::aws::dynamodb
