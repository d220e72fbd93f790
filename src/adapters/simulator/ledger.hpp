// What a simulated carrier was asked to send, as an append-only text file: the oracle that tells
// whether anything was submitted twice. A line is written, by write(2), before the answer goes out,
// so killing the sender cannot lose it. Thread-safe.
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

struct LedgerEntry {
  domain::TimePoint at;
  domain::NotificationId reference;
  int attempt = 0;
  std::string_view to;  // only its hash is written
  int segments = 0;
  Answer verdict = Answer::accepted;
};

struct LedgerSummary {
  std::int64_t submissions = 0;  // all that came in
  std::int64_t accepted = 0;
  std::int64_t unknown = 0;
  std::int64_t refused = 0;   // throttled ones too
  std::int64_t segments = 0;  // of what was accepted or unknown
  std::int64_t references = 0;
  std::int64_t doubled = 0;  // references accepted or unknown more than once: must stay 0
};

std::string_view name(Answer answer);

class Ledger {
 public:
  /// Counts only, in memory.
  Ledger() = default;
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Appends to `path`, and counts what is in it already. Error `unavailable` with the reason.
  domain::Result<domain::Done> open(const std::string& path);

  /// One write(2) for all. Error `storage_full`: part of it may be missing from the file.
  domain::Result<domain::Done> append(std::span<const LedgerEntry> entries);

  LedgerSummary summary() const;

 private:
  void count(const domain::NotificationId& reference, int segments, Answer verdict)
      REQUIRES(mutex_);
  void count_line(std::string_view line) REQUIRES(mutex_);

  mutable concurrency::Mutex mutex_;
  int file_ GUARDED_BY(mutex_) = -1;
  LedgerSummary summary_ GUARDED_BY(mutex_);
  // Accepted or unknown, per reference.
  std::unordered_map<domain::NotificationId, int> taken_ GUARDED_BY(mutex_);
};

}  // namespace postrider::adapters::simulator
