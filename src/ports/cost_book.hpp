// The book of what SMS have cost, also of notifications that are no longer kept. Live mode only: a
// test message costs nothing. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/money.hpp"
#include "domain/result.hpp"

namespace postrider::ports {

/// The SMS of one day, country, status and carrier.
struct CostLine {
  int day = 0;          // yyyymmdd, UTC: of the reservation
  std::string country;  // of the phone number, ISO 3166 alpha-2; empty: none
  std::string status;   // of the order
  std::string carrier;  // the one that took the SMS or may have; empty: not submitted yet
  std::int64_t messages = 0;
  std::int64_t segments = 0;
  std::int64_t saved = 0;  // segments that replaced characters have saved
  domain::Money spent;     // by the receipt's price where there is one, else the worst case
  domain::Money reserved;  // of messages without a final outcome yet
};

class CostBook {
 public:
  virtual ~CostBook() = default;
  /// The lines of the days from `first` to `last`, both yyyymmdd and included. The same day,
  /// country, status and carrier may come in several lines.
  virtual domain::Result<std::vector<CostLine>> costs(int first, int last) = 0;
};

}  // namespace postrider::ports
