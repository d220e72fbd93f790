// The rate limits of API keys: a token bucket for each key. For the io thread alone.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <string_view>
#include <unordered_map>

namespace postrider::adapters::http {

class TokenBuckets {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `rate`: requests of a key a second, on average; 0: no limit. `burst`: requests at once.
  TokenBuckets(double rate, int burst) : rate_{rate}, burst_{std::max(1.0, double(burst))} {}

  /// Takes one token of `key`. Returns 0, or the seconds (at least 1) until the next token.
  int take(const std::string& key, Time now) {
    if (rate_ <= 0) return 0;
    auto [entry, is_new] = buckets_.try_emplace(key, Bucket{burst_, now});
    Bucket& bucket = entry->second;
    const double passed = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens = std::min(burst_, bucket.tokens + std::max(0.0, passed) * rate_);
    bucket.at = now;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return std::max(1, static_cast<int>(std::ceil((1 - bucket.tokens) / rate_)));
  }

 private:
  struct Bucket {
    double tokens;
    Time at;
  };
  double rate_;
  double burst_;
  std::unordered_map<std::string, Bucket> buckets_;  // one a key: as many as the operator made
};

}  // namespace postrider::adapters::http
