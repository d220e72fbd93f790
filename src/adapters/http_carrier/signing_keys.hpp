// The keys that sign messages to a carrier and check its receipts. While a secret is changed there
// are two: messages have a signature by each, and receipts may have either. Thread-safe.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "concurrency/mutex.hpp"

namespace postrider::adapters::http_carrier {

class SigningKeys {
 public:
  static constexpr std::size_t at_most = 2;

  /// `keys`: the octets of each, the newest first; empty: nothing is signed.
  explicit SigningKeys(std::vector<std::string> keys) : keys_{std::move(keys)} {}

  std::vector<std::string> all() const {
    const concurrency::Lock lock{mutex_};
    return keys_;
  }
  /// The old keys do not count any more.
  void replace(std::vector<std::string> keys) {
    const concurrency::Lock lock{mutex_};
    keys_ = std::move(keys);
  }

 private:
  mutable concurrency::Mutex mutex_;
  std::vector<std::string> keys_ GUARDED_BY(mutex_);
};

}  // namespace postrider::adapters::http_carrier
