// The sinks of imported rows: a running service, or a store (local_store.hpp, aws_store.hpp). Not
// thread-safe. Putting the same rows twice is safe in every sink: the second time the rows are
// duplicates.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "programs/store_access/client.hpp"

namespace postrider::programs {

/// The result of one row.
struct RowResult {
  std::string code;  // of the refusal; empty: accepted
  std::string pointer;
  std::string hint;
  bool duplicate = false;
  std::string phone_problem;  // of an accepted customer, whose number can't be called ("too_short")
};

class RowSink {
 public:
  virtual ~RowSink() = default;
  /// Stores rows and returns a result for each, in order. `rows`: JSON documents, one line each.
  /// After the errors `unavailable` and `storage_full` the same rows may be put again; any other
  /// error is for good.
  virtual domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) = 0;
  /// The most rows that put() should get at once: what a few commits hold.
  virtual std::size_t max_rows() const { return 20'000; }
  /// The wait that the sink asked for with its last error; 0: it asked for none.
  virtual domain::Milliseconds asked_wait() const { return domain::Milliseconds{0}; }
};

using EventSink = RowSink;
using CustomerSink = RowSink;

/// The sink that POSTs rows as NDJSON to a service, at "/v1/order-events" or "/v1/customers".
class HttpRowSink final : public RowSink {
 public:
  HttpRowSink(Client& client, std::string path) : client_{client}, path_{std::move(path)} {}
  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) override;
  domain::Milliseconds asked_wait() const override { return asked_wait_; }

 private:
  Client& client_;
  std::string path_;
  domain::Milliseconds asked_wait_{0};
};

/// The answer lines of a bulk request. Error `unavailable` when they are not `expected` lines
/// (the answer was cut short), `invalid` when a line is no answer line.
domain::Result<std::vector<RowResult>> parse_row_results(std::string_view ndjson,
                                                         std::size_t expected);

}  // namespace postrider::programs
