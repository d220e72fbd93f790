// Requests to DynamoDB in batches: reads are consistent, writes go out concurrently, each with its
// own outcome. Thread-safe.
#pragma once

#include <atomic>
#include <span>
#include <string>
#include <vector>

#include "adapters/aws/client/client.hpp"
#include "adapters/aws/dynamodb/database/item.hpp"
#include "adapters/aws/dynamodb/tables.hpp"
#include "domain/result.hpp"

namespace postrider::adapters::aws::dynamodb {

using client::Repeat;

/// Of one item.
struct Key {
  std::string table;
  Json key;
  friend auto operator<=>(const Key&, const Key&) = default;
};

struct Write {
  const char* operation = "UpdateItem";  // PutItem, DeleteItem, TransactWriteItems …
  Json request;
  /// `safe` needs a condition that makes the second time fail, and then a look at who wrote.
  Repeat repeat = Repeat::safe;
  /// A claim: it has to leave time for the message, and for the record of what became of it.
  bool leads_to_message = false;
};

struct WriteOutcome {
  enum class Kind { done, condition_failed, error };
  Kind kind = Kind::error;
  Item item = Json::object();  // done: what ReturnValues asked for
  /// condition_failed, by action: whether its own condition failed, and the item as it was.
  std::vector<bool> failed;
  std::vector<Item> found;
  domain::Error error{domain::ErrorKind::unavailable, ""};
  bool not_done = false;  // error: certain

  bool done() const { return kind == Kind::done; }
  bool refused() const { return kind == Kind::condition_failed; }
};

inline constexpr std::size_t without_end = static_cast<std::size_t>(-1);  // of a query

class Database {
 public:
  /// `client` and `clock` outlive it. Ended notifications may be forgotten `retention` after
  /// intake. `requeue_after`: how long a queue has to bring what it was told of before the sweeper
  /// looks after it; 0: there is no queue.
  Database(client::Client& client, ports::Clock& clock, Tables tables,
           domain::Milliseconds retention, domain::Milliseconds requeue_after);

  const Tables& tables() const { return tables_; }
  domain::TimePoint now() const { return clock_.now(); }
  domain::Milliseconds retention() const { return retention_; }
  domain::Milliseconds requeue_after() const { return requeue_after_; }

  /// One a key, in order; nullopt where there is none or its time to live is over.
  domain::Result<std::vector<std::optional<Item>>> get(std::span<const Key> keys);
  /// All pages, but no more than `most` items; what is over its time to live is left out.
  domain::Result<std::vector<Item>> query(Json request, std::size_t most);
  domain::Result<std::vector<Item>> scan(Json request);

  /// One outcome a write, in order. Conflicts of transactions are tried again.
  std::vector<WriteOutcome> write(std::span<const Write> writes);
  WriteOutcome write(const Write& one) { return std::move(write({&one, 1}).front()); }
  /// Puts without conditions, 25 a request.
  domain::Result<domain::Done> put_all(const std::string& table, std::vector<Item> items);

  /// Names a write, so that whoever finds its condition failed can tell that it was itself.
  std::string fresh_token();
  /// Grows with every call, also over restarts: microseconds of the clock, or one more.
  std::int64_t next_sequence();

 private:
  domain::Result<std::vector<Item>> pages(const char* operation, Json request, std::size_t most);
  bool is_alive(const Item& item) const;

  client::Client& client_;
  ports::Clock& clock_;
  const Tables tables_;
  const domain::Milliseconds retention_;
  const domain::Milliseconds requeue_after_;
  std::atomic<std::int64_t> sequence_{0};
};

client::Call call_of(const char* operation, const Json& request, Repeat repeat);

}  // namespace postrider::adapters::aws::dynamodb
