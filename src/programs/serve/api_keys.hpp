// API keys: who may call the service. The file holds SHA-256 hashes only; a key is shown once, when
// it is made. KeyRing is what the running service asks; the functions are the `keys` command's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "concurrency/mutex.hpp"
#include "domain/order_event.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace postrider::programs {

using KeyHash = std::array<std::uint8_t, 32>;

struct ApiKey {
  std::string name;
  domain::Mode kind = domain::Mode::live;
  std::string shop;  // empty: the configured shop
  KeyHash hash{};
  domain::TimePoint created{};
  std::optional<domain::TimePoint> revoked;
};

KeyHash hash_of_key(std::string_view secret);

/// "pr_live_" or "pr_test_" and 256 random bits in base64url. Throws Refused without randomness.
std::string make_key(domain::Mode kind);

/// A missing file holds no keys. Error `invalid`: others may read it, or it can't be understood.
domain::Result<std::vector<ApiKey>> load_keys(const std::string& path);

/// Replaces the file at once (mode 0600), synced to the disk: a reader sees the old or the new one.
domain::Result<domain::Done> save_keys(const std::string& path, const std::vector<ApiKey>& keys);

/// Thread-safe.
class KeyRing {
 public:
  explicit KeyRing(std::string path) : path_{std::move(path)} {}

  /// Reads the file (again). On an Error the keys that were known stay.
  domain::Result<domain::Done> reload();

  /// From now on these are the keys.
  void replace(std::vector<ApiKey> keys);

  /// The key with this secret, unless it is revoked. Takes the same time for any secret.
  std::optional<ApiKey> find(std::string_view bearer) const;

  /// True once there is any key, a revoked one too: revoking the last key must not open the door.
  bool required() const;

  /// How many keys are not revoked.
  std::size_t size() const;

 private:
  std::string path_;
  mutable concurrency::Mutex mutex_;
  std::vector<ApiKey> keys_ GUARDED_BY(mutex_);
};

}  // namespace postrider::programs
