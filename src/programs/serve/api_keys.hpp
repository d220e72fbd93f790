// The API keys of the service. Their file holds only SHA-256 hashes; a key is shown once, when it
// is made. KeyRing is for the running service and thread-safe; the functions are for the `keys`
// command.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "concurrency/mutex.hpp"
#include "domain/intake/order_event.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace postrider::programs {

using KeyHash = std::array<std::uint8_t, 32>;

/// One key, as the file has it.
struct ApiKey {
  std::string name;
  domain::Mode kind = domain::Mode::live;
  std::string shop;  // empty: the configured shop
  KeyHash hash{};
  domain::TimePoint created{};
  std::optional<domain::TimePoint> revoked;
};

/// The SHA-256 hash of a key.
KeyHash hash_of_key(std::string_view secret);

/// A new key: "pr_live_" or "pr_test_" and 256 random bits in base64url. Throws Refused when the
/// system gives no random numbers.
std::string make_key(domain::Mode kind);

/// The keys in a file; none where there is no file. Error `invalid`: other users may read the file,
/// or it can't be understood; `unavailable`: it can't be read.
domain::Result<std::vector<ApiKey>> load_keys(const std::string& path);

/// Replaces the file (mode 0600) atomically, synced to the disk: a reader sees either the old or
/// the new file. Errors `storage_full`, `unavailable`.
domain::Result<domain::Done> save_keys(const std::string& path, const std::vector<ApiKey>& keys);

/// The keys that the running service accepts. Thread-safe.
class KeyRing {
 public:
  explicit KeyRing(std::string path) : path_{std::move(path)} {}

  /// Reads the file, also again. After an Error the keys stay as they were.
  domain::Result<domain::Done> reload();

  /// Puts `keys` in place of all keys.
  void replace(std::vector<ApiKey> keys);

  /// The key with this secret, unless it is revoked. Takes the same time for any secret.
  std::optional<ApiKey> find(std::string_view bearer) const;

  /// True where there is any key, even a revoked one, because revoking the last key must not let
  /// callers in without a key.
  bool required() const;

  /// The number of keys that are not revoked.
  std::size_t size() const;

 private:
  std::string path_;
  mutable concurrency::Mutex mutex_;
  std::vector<ApiKey> keys_ GUARDED_BY(mutex_);
};

}  // namespace postrider::programs
