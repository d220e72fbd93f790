// The importer, which carries rows from a file to a sink: in slices, with retries, progress and one
// line for each refused row. For one thread. Importing the same file again is safe: rows that are
// stored already count as duplicates.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "programs/import/row_sink.hpp"
#include "programs/import/row_source.hpp"

namespace postrider::programs {

struct ImportSummary {
  std::uint64_t read = 0;
  std::uint64_t accepted = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t refused = 0;
  std::map<std::string, std::uint64_t> refused_by_code;
  std::uint64_t skipped = 0;
  std::uint64_t phone_problems = 0;  // accepted customers whose number can't be called
  double seconds = 0;
  std::string stopped;  // why the import ended before the file; empty: all of the file was read
};

/// The surroundings of an import: its output and its clock.
struct ImportView {
  std::ostream& results;   // one line for each refused row
  std::ostream& progress;  // a bar on a terminal, else a line every few seconds
  bool terminal = false;
  std::uint64_t total_bytes = 0;  // of the file; 0: not known, a pipe, where reading may block
  std::function<void(domain::Milliseconds)> sleep;
};

class Importer {
 public:
  /// A quarter of the 32 MiB that the service takes at once.
  static constexpr std::size_t slice_bytes = 8 * 1024 * 1024;
  static constexpr int max_tries = 6;
  static constexpr domain::Milliseconds first_wait{500};
  static constexpr domain::Milliseconds longest_wait{30'000};

  /// `source` and `sink` must outlive the importer.
  Importer(RowSource& source, RowSink& sink, ImportView view);

  /// Imports all rows. Blocks until the file ends or the sink fails for good.
  ImportSummary run();

 private:
  struct Slice {
    std::vector<std::string> rows;
    std::vector<std::uint64_t> numbers;
    std::vector<std::pair<std::uint64_t, RowResult>> unreadable;
    std::size_t bytes = 0;
    std::uint64_t read = 0;
    std::uint64_t skipped = 0;
    std::uint64_t bytes_read = 0;  // of the file, to the end of this slice
    bool last = false;
  };

  Slice read_slice();
  bool put_slice(const Slice& slice);
  void count_result(std::uint64_t number, const RowResult& result);
  void print_row(std::uint64_t number, const std::string& text);
  void show_progress(bool at_end);
  void clear_bar();
  double elapsed() const;

  RowSource& source_;
  RowSink& sink_;
  const std::size_t max_rows_;  // of a slice
  ImportView view_;
  ImportSummary summary_;
  std::uint64_t bytes_read_ = 0;
  bool put_before_ = false;  // at least one slice
  bool bar_shown_ = false;
  std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point shown_;
};

/// The summary for people.
std::string describe(const ImportSummary& summary);
/// The summary as one JSON object on one line.
std::string to_json(const ImportSummary& summary);

}  // namespace postrider::programs
