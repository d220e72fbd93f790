// Carries rows from a file to a sink: in slices, with retries, progress and one line for each row
// that was refused. The same file again is safe: what is in already counts as duplicate.
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
  std::uint64_t phone_problems = 0;  // customers taken whose number can't be called
  double seconds = 0;
  std::string stopped;  // why it ended before the file did; empty: it did not
};

struct ImportView {
  std::ostream& results;   // one line a refused row
  std::ostream& progress;  // a bar on a terminal, else a line now and then
  bool terminal = false;
  std::uint64_t total_bytes = 0;  // of the file; 0: not known, so reading may wait for somebody
  std::function<void(domain::Milliseconds)> sleep;
};

class Importer {
 public:
  /// A few commits of the service, so that it stores some while it reads the others.
  static constexpr std::size_t slice_rows = 10'000;
  /// The service takes 32 MiB at once; a quarter of it leaves room for its own limits.
  static constexpr std::size_t slice_bytes = 8 * 1024 * 1024;
  static constexpr int tries = 6;
  static constexpr domain::Milliseconds first_wait{500};
  static constexpr domain::Milliseconds longest_wait{30'000};

  Importer(RowSource& source, RowSink& sink, ImportView view);

  ImportSummary run();

 private:
  struct Slice {
    std::vector<std::string> rows;
    std::vector<std::uint64_t> numbers;
    std::vector<std::pair<std::uint64_t, RowResult>> unreadable;
    std::size_t bytes = 0;
    std::uint64_t read = 0;
    std::uint64_t skipped = 0;
    std::uint64_t bytes_read = 0;  // of the file, up to here
    bool last = false;
  };

  Slice read_slice();
  bool put(const Slice& slice);
  void note(std::uint64_t number, const RowResult& result);
  void say(std::uint64_t number, const std::string& text);
  void show_progress(bool at_end);
  void clear_bar();
  double elapsed() const;

  RowSource& source_;
  RowSink& sink_;
  ImportView view_;
  ImportSummary summary_;
  std::uint64_t bytes_read_ = 0;
  bool put_any_ = false;
  bool bar_shown_ = false;
  std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point shown_;
};

/// For people, and as one JSON object on one line.
std::string describe(const ImportSummary& summary);
std::string to_json(const ImportSummary& summary);

}  // namespace postrider::programs
