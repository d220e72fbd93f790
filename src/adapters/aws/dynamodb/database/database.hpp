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

/// The key of one item.
struct Key {
  std::string table;
  Json key;
  friend auto operator<=>(const Key&, const Key&) = default;
};

/// One request that writes.
struct Write {
  const char* operation = "UpdateItem";  // PutItem, DeleteItem, TransactWriteItems …
  Json request;
  /// `safe` needs a condition that makes a second time fail, and then a look at the token of the
  /// item.
  Repeat repeat = Repeat::safe;
  /// True for a claim: it has to leave time for the message and for the record of its outcome.
  bool leads_to_message = false;
};

/// The outcome of one write.
struct WriteOutcome {
  enum class Kind { done, condition_failed, error };
  Kind kind = Kind::error;
  Item item = Json::object();  // done: the attributes that ReturnValues asked for
  /// condition_failed, for each action: whether its own condition failed, and the item as it was.
  std::vector<bool> failed;
  std::vector<Item> found;
  domain::Error error{domain::ErrorKind::unavailable, ""};
  bool not_done = false;  // error: certain that nothing was written
  bool invalid = false;   // error: the same again can't succeed, such as an item over 400 KB

  bool done() const { return kind == Kind::done; }
  bool refused() const { return kind == Kind::condition_failed; }
};

inline constexpr std::size_t without_end = static_cast<std::size_t>(-1);  // of a query

class Database {
 public:
  /// `client` and `clock` outlive it. Ended notifications may be deleted `retention` after intake.
  /// `requeue_after`: the time that a queue has to deliver due work before the sweeper offers it
  /// again; 0: there is no queue.
  Database(client::Client& client, ports::Clock& clock, Tables tables,
           domain::Milliseconds retention, domain::Milliseconds requeue_after);

  const Tables& tables() const { return tables_; }
  domain::TimePoint now() const { return clock_.now(); }
  domain::Milliseconds retention() const { return retention_; }
  domain::Milliseconds requeue_after() const { return requeue_after_; }

  /// The items of `keys`, in order; nullopt where there is none or its time to live is over.
  domain::Result<std::vector<std::optional<Item>>> get(std::span<const Key> keys);
  /// The items of all pages, at most `max_items`; an item over its time to live is left out.
  domain::Result<std::vector<Item>> query(Json request, std::size_t max_items);
  domain::Result<std::vector<Item>> scan(Json request);

  /// One outcome per write, in order. Conflicts of transactions are tried again.
  std::vector<WriteOutcome> write(std::span<const Write> writes);
  WriteOutcome write(const Write& single) { return std::move(write({&single, 1}).front()); }
  /// Puts items without conditions, 25 a request. An Error: some may be written.
  domain::Result<domain::Done> put_all(const std::string& table, std::vector<Item> items);

  /// A token that names a write: a writer that finds its condition failed recognises its own write.
  std::string fresh_token();
  /// A number that grows with every call, also over restarts: microseconds of the clock, or one
  /// more.
  std::int64_t next_sequence();

 private:
  domain::Result<std::vector<Item>> pages(const char* operation, Json request,
                                          std::size_t max_items);
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
