// The ledger of a simulated carrier: every submission as a line of an append-only text file, from
// which tests learn whether anything was submitted twice. Thread-safe. A line is written, by
// write(2), before the answer goes out, so that killing the sender can't lose it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "adapters/simulator/simulated_network.hpp"
#include "concurrency/mutex.hpp"
#include "domain/result.hpp"

namespace postrider::adapters::simulator {

/// One submission.
struct LedgerEntry {
  domain::TimePoint at;
  domain::NotificationId reference;
  int attempt = 0;
  std::string_view to;  // only its hash is written
  int segments = 0;
  Answer verdict = Answer::accepted;
};

/// The sums over all submissions.
struct LedgerSummary {
  std::int64_t submissions = 0;
  std::int64_t accepted = 0;
  std::int64_t unknown = 0;
  std::int64_t refused = 0;     // throttled submissions too
  std::int64_t segments = 0;    // of accepted and unknown submissions
  std::int64_t references = 0;  // different ones
  std::int64_t doubled = 0;     // references accepted or unknown more than once: must stay 0
};

/// The answer as the ledger's lines have it: "accepted", "refused_temporary", …
std::string_view name(Answer answer);

class Ledger {
 public:
  /// A ledger without a file, which only counts.
  Ledger() = default;
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Opens the file for appending, and counts the lines that are in it already. Error `unavailable`
  /// with the reason; `storage_full` where a half-written last line can't be ended.
  domain::Result<domain::Done> open(const std::string& path);

  /// Counts the entries and appends them with one write(2). Error `storage_full`: some of them may
  /// be missing from the file.
  domain::Result<domain::Done> append(std::span<const LedgerEntry> entries);

  LedgerSummary summary() const;

 private:
  void count(const domain::NotificationId& reference, int segments, Answer verdict)
      REQUIRES(mutex_);
  void count_line(std::string_view line) REQUIRES(mutex_);

  mutable concurrency::Mutex mutex_;
  int file_ GUARDED_BY(mutex_) = -1;
  LedgerSummary summary_ GUARDED_BY(mutex_);
  // Accepted and unknown submissions, by reference.
  std::unordered_map<domain::NotificationId, int> taken_ GUARDED_BY(mutex_);
};

}  // namespace postrider::adapters::simulator
