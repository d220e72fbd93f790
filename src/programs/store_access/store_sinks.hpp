// The sinks of imported rows over a store that this process has open, of either home. Not
// thread-safe.
#pragma once

#include "message/json/order_event_json.hpp"
#include "pipeline/bulk_intake.hpp"
#include "ports/clock.hpp"
#include "ports/customer_directory.hpp"
#include "programs/import/row_sink.hpp"

namespace postrider::programs {

/// Puts order events through the intake of a pipeline.
class StoreEvents {
 public:
  StoreEvents(pipeline::OrderProcessor& orders, pipeline::Origin origin)
      : orders_{orders}, origin_{std::move(origin)} {}

  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows);

 private:
  pipeline::OrderProcessor& orders_;
  pipeline::Origin origin_;
  message::JsonReader reader_;
};

/// Puts customers into a directory. `region`: of phone numbers without a country code.
class StoreCustomers {
 public:
  StoreCustomers(ports::CustomerDirectory& customers, ports::Clock& clock, std::string shop,
                 std::string region)
      : customers_{customers}, clock_{clock}, shop_{std::move(shop)}, region_{std::move(region)} {}

  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows);

 private:
  ports::CustomerDirectory& customers_;
  ports::Clock& clock_;
  std::string shop_, region_;
  message::JsonReader reader_;
};

}  // namespace postrider::programs
