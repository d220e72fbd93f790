// What became of each row of the demo's day, and whether anything is missing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "domain/state.hpp"
#include "programs/import/row_sink.hpp"

namespace postrider::programs {

struct DemoReport {
  std::uint64_t rows = 0;
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::map<std::string, std::uint64_t> refused;  // by code
  std::uint64_t accepted_again = 0;              // of the same file a second time
  std::map<domain::State, std::int64_t> ends;
  double seconds = 0;
  std::int64_t submitted = 0;        // SMS that the carrier took
  std::int64_t submitted_again = 0;  // after the second time
  std::int64_t segments = 0;
  std::int64_t spent_micros = 0;
  std::int64_t reserved_micros = 0;
  std::int64_t segments_saved = 0;      // by replaced characters
  std::int64_t money_saved_micros = 0;  // what those would have cost
  std::vector<std::string> findings;    // of verify

  void note(const RowResult& result);
  void note_again(const RowResult& result);
  void read_metrics(std::string_view text);
  void read_costs(const std::string& report);
  void read_metrics_again(std::string_view text);

  /// Every row is accepted, a repeat or refused; every accepted one has ended; nothing was sent the
  /// second time; verify found nothing.
  bool nothing_lost() const;
  std::string table(const std::string& folder) const;
};

/// The value of a counter or gauge without labels in the text of /metrics; 0 when it is not there.
std::int64_t metric(std::string_view text, std::string_view name);

}  // namespace postrider::programs
