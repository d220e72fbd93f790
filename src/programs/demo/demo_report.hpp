// The report of the demo: the fate of each row of its day, and whether anything is missing. For one
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "domain/delivery/state.hpp"
#include "programs/import/row_sink.hpp"

namespace postrider::programs {

struct DemoReport {
  std::uint64_t rows = 0;
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::map<std::string, std::uint64_t> refused;  // by code
  std::uint64_t accepted_again = 0;              // when the same rows are put a second time
  std::map<domain::State, std::int64_t> ends;    // notifications by state
  double seconds = 0;                            // from the first event to the last end state
  std::int64_t submitted = 0;                    // SMS that the carrier accepted
  std::int64_t submitted_again = 0;              // SMS of the second time
  std::int64_t segments = 0;
  std::int64_t spent_micros = 0;
  std::int64_t reserved_micros = 0;
  std::int64_t segments_saved = 0;      // by replaced characters
  std::int64_t money_saved_micros = 0;  // price of the saved segments
  std::vector<std::string> findings;    // of verify

  /// Counts the result of a row, the first and the second time that it is put.
  void count(const RowResult& result);
  void count_again(const RowResult& result);
  /// Takes numbers from /metrics after the first time, from the cost report, and from /metrics
  /// after the second time.
  void read_metrics(std::string_view text);
  void read_costs(const std::string& report);
  void read_metrics_again(std::string_view text);

  /// True where every row was accepted, a repeat or refused, every accepted row has ended, nothing
  /// was sent the second time, and verify found nothing.
  bool nothing_lost() const;
  /// The report as people read it. `folder`: of the demo's data.
  std::string table(const std::string& folder) const;
};

/// The value of a counter or gauge without labels in the text of /metrics; 0 when it is not in it.
std::int64_t metric(std::string_view text, std::string_view name);

}  // namespace postrider::programs
