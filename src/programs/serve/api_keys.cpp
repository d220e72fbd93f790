#include "programs/serve/api_keys.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "message/json/order_event_json.hpp"
#include "programs/outcome.hpp"
#include "settings/toml_file.hpp"

namespace postrider::programs {
namespace {

using domain::Error;
using domain::ErrorKind;

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64url_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string to_hex(const KeyHash& hash) {
  std::string text;
  for (const auto byte : hash) {
    text += hex_digits[byte >> 4];
    text += hex_digits[byte & 15];
  }
  return text;
}

std::optional<KeyHash> from_hex(std::string_view text) {
  KeyHash hash{};
  if (text.size() != 2 * hash.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = hex_digits.find(text[i]);
    if (digit == hex_digits.npos) return std::nullopt;
    hash[i / 2] = static_cast<std::uint8_t>(hash[i / 2] << 4 | digit);
  }
  return hash;
}

std::string base64url(const KeyHash& bytes) {
  std::string text;
  unsigned bits = 0;
  int held = 0;
  for (const auto byte : bytes) {
    bits = bits << 8 | byte;
    for (held += 8; held >= 6; held -= 6) text += base64url_digits[bits >> (held - 6) & 63];
    bits &= (1U << held) - 1;
  }
  if (held > 0) text += base64url_digits[bits << (6 - held) & 63];
  return text;
}

std::optional<ApiKey> read_key(const toml::table& entry) {
  const auto name = entry["name"].value<std::string>();
  const auto kind = entry["kind"].value<std::string>();
  const auto hash = from_hex(entry["sha256"].value_or(std::string{}));
  const auto created = message::parse_timestamp(entry["created"].value_or(std::string{}));
  if (!name || !kind || (*kind != "live" && *kind != "test") || !hash || !created)
    return std::nullopt;
  ApiKey key{*name,
             *kind == "live" ? domain::Mode::live : domain::Mode::test,
             entry["shop"].value_or(std::string{}),
             *hash,
             *created,
             std::nullopt};
  if (entry.contains("revoked")) {
    key.revoked = message::parse_timestamp(entry["revoked"].value_or(std::string{}));
    if (!key.revoked) return std::nullopt;
  }
  return key;
}

std::string to_toml(const std::vector<ApiKey>& keys) {
  toml::array entries;
  for (const auto& key : keys) {
    toml::table entry{{"name", key.name},
                      {"kind", key.kind == domain::Mode::live ? "live" : "test"},
                      {"shop", key.shop},
                      {"sha256", to_hex(key.hash)},
                      {"created", message::format_timestamp(key.created)}};
    if (key.revoked) entry.insert("revoked", message::format_timestamp(*key.revoked));
    entries.push_back(std::move(entry));
  }
  std::ostringstream text;
  text << "# Made by `postrider keys`. It holds hashes, not keys.\n"
       << toml::table{{"key", std::move(entries)}} << "\n";
  return text.str();
}

Error io_error(const std::string& what, const std::string& path) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  return {full ? ErrorKind::storage_full : ErrorKind::unavailable,
          "can't " + what + " " + path + ": " + std::strerror(errno)};
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(file, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::fsync(file) == 0;
}

}  // namespace

KeyHash hash_of_key(std::string_view secret) {
  KeyHash hash{};
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), hash.data());
  return hash;
}

std::string make_key(domain::Mode kind) {
  KeyHash random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw Refused{"the system gives no random numbers"};
  return (kind == domain::Mode::live ? "pr_live_" : "pr_test_") + base64url(random);
}

domain::Result<std::vector<ApiKey>> load_keys(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::vector<ApiKey>{};
    return io_error("read", path);
  }
  if ((status.st_mode & 077) != 0)
    return Error{ErrorKind::invalid,
                 "others may read " + path + "; make it yours alone: chmod 600 " + path};
  settings::TomlFile file{path};
  const auto table = file.read();
  std::vector<ApiKey> keys;
  const auto* entries = table["key"].as_array();
  for (std::size_t i = 0; entries != nullptr && i < entries->size(); ++i) {
    const auto& node = *entries->get(i);
    const auto* entry = node.as_table();
    auto key = entry == nullptr ? std::nullopt : read_key(*entry);
    if (!key) {
      file.add_problem(node.source(), "this key can't be understood");
      continue;
    }
    keys.push_back(std::move(*key));
  }
  if (!file.has_problems()) return keys;
  std::string problems;
  for (const auto& problem : file.problems()) problems += (problems.empty() ? "" : "\n") + problem;
  return Error{ErrorKind::invalid, problems};
}

domain::Result<domain::Done> save_keys(const std::string& path, const std::vector<ApiKey>& keys) {
  const auto folder = std::filesystem::path{path}.parent_path();
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return io_error("write", fresh);
  const bool written = write_all(file, to_toml(keys));
  if (::close(file) != 0 || !written) return io_error("write", fresh);
  if (::rename(fresh.c_str(), path.c_str()) != 0) return io_error("replace", path);
  const int dir = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir >= 0) {
    ::fsync(dir);
    ::close(dir);
  }
  return domain::Done{};
}

domain::Result<domain::Done> KeyRing::reload() {
  auto loaded = load_keys(path_);
  if (!loaded) return loaded.error();
  replace(*std::move(loaded));
  return domain::Done{};
}

void KeyRing::replace(std::vector<ApiKey> keys) {
  const concurrency::Lock lock{mutex_};
  keys_ = std::move(keys);
}

std::optional<ApiKey> KeyRing::find(std::string_view bearer) const {
  const KeyHash hash = hash_of_key(bearer);
  const concurrency::Lock lock{mutex_};
  // All keys are compared, so that the time does not reveal which key matched.
  const ApiKey* found = nullptr;
  for (const auto& key : keys_) {
    const bool same = CRYPTO_memcmp(key.hash.data(), hash.data(), hash.size()) == 0;
    if (same && !key.revoked) found = &key;
  }
  return found == nullptr ? std::nullopt : std::optional{*found};
}

bool KeyRing::required() const {
  const concurrency::Lock lock{mutex_};
  return !keys_.empty();
}

std::size_t KeyRing::size() const {
  const concurrency::Lock lock{mutex_};
  return static_cast<std::size_t>(std::count_if(
      keys_.begin(), keys_.end(), [](const ApiKey& key) { return !key.revoked.has_value(); }));
}

}  // namespace postrider::programs
