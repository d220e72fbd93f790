// Where imported rows go: to a running service, or straight into the store of one machine. Not
// thread-safe. Putting the same rows twice is safe everywhere: the second time they are duplicates.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "programs/store_access/client.hpp"

namespace postrider::programs {

struct RowResult {
  std::string code;  // empty: taken
  std::string pointer;
  std::string hint;
  bool duplicate = false;
  std::string phone_problem;  // customers: taken, but this number can't be called ("too_short")
};

class RowSink {
 public:
  virtual ~RowSink() = default;
  /// `rows`: JSON documents, one line each. One result per row, in order. Errors `unavailable` and
  /// `storage_full`: worth trying again with the same rows; any other ends the import.
  virtual domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) = 0;
  /// How long the sink asked to wait after its last Error; 0: it said nothing.
  virtual domain::Milliseconds asked_wait() const { return domain::Milliseconds{0}; }
};

using EventSink = RowSink;
using CustomerSink = RowSink;

/// POSTs rows as NDJSON to "/v1/order-events" or "/v1/customers".
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

/// The answer lines of a bulk request; Error `unavailable` when there are not `expected` of them
/// (the answer was cut), `invalid` when one is no answer line at all.
domain::Result<std::vector<RowResult>> parse_row_results(std::string_view ndjson,
                                                         std::size_t expected);

}  // namespace postrider::programs
