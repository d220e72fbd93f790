#include "adapters/simulator/ledger.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <vector>

namespace postrider::adapters::simulator {
namespace {

constexpr std::array<std::string_view, 6> names{
    "accepted", "refused_temporary", "refused_for_good", "opted_out", "throttled", "unknown"};

/// The first 8 bytes of SHA-256, in hexadecimal: they distinguish the numbers of a test.
std::string hash_of(std::string_view to) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(to.data(), to.size(), digest.data(), &size, EVP_sha256(), nullptr);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

std::string line_of(const LedgerEntry& entry) {
  return std::to_string(domain::to_unix_ms(entry.at)) + ' ' + domain::to_string(entry.reference) +
         ' ' + std::to_string(entry.attempt) + ' ' + hash_of(entry.to) + ' ' +
         std::to_string(entry.segments) + ' ' + std::string{name(entry.verdict)} + '\n';
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::string_view name(Answer answer) { return names[static_cast<std::size_t>(answer)]; }

Ledger::~Ledger() {
  if (file_ >= 0) ::close(file_);
}

domain::Result<domain::Done> Ledger::open(const std::string& path) {
  const concurrency::Lock lock{mutex_};
  std::ifstream before{path};
  bool half_a_line = false;
  for (std::string line; std::getline(before, line);) {
    half_a_line = before.eof();
    if (!half_a_line) count_line(line);
  }
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file_ < 0)
    return domain::Error{domain::ErrorKind::unavailable,
                         "ledger " + path + ": " + std::strerror(errno)};
  if (half_a_line && !write_all(file_, "\n"))
    return domain::Error{domain::ErrorKind::storage_full, "ledger " + path + ": not writable"};
  return domain::Done{};
}

domain::Result<domain::Done> Ledger::append(std::span<const LedgerEntry> entries) {
  const concurrency::Lock lock{mutex_};
  for (const auto& entry : entries) count(entry.reference, entry.segments, entry.verdict);
  if (file_ < 0) return domain::Done{};
  std::string text;
  for (const auto& entry : entries) text += line_of(entry);
  if (!write_all(file_, text))
    return domain::Error{domain::ErrorKind::storage_full, "the ledger could not be written"};
  return domain::Done{};
}

LedgerSummary Ledger::summary() const {
  const concurrency::Lock lock{mutex_};
  return summary_;
}

void Ledger::count(const domain::NotificationId& reference, int segments, Answer verdict) {
  ++summary_.submissions;
  const auto [at, is_new] = taken_.try_emplace(reference, 0);
  if (is_new) ++summary_.references;
  if (verdict != Answer::accepted && verdict != Answer::unknown) {
    ++summary_.refused;
    return;
  }
  ++(verdict == Answer::accepted ? summary_.accepted : summary_.unknown);
  summary_.segments += segments;
  if (++at->second == 2) ++summary_.doubled;
}

void Ledger::count_line(std::string_view line) {
  std::vector<std::string_view> fields;
  while (!line.empty()) {
    const auto end = line.find(' ');
    fields.push_back(line.substr(0, end));
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  }
  if (fields.size() != 6) return;
  const auto reference = domain::parse_notification_id(fields[1]);
  int segments = 0;
  std::from_chars(fields[4].data(), fields[4].data() + fields[4].size(), segments);
  for (std::size_t i = 0; reference && i < names.size(); ++i)
    if (names[i] == fields[5]) count(*reference, segments, static_cast<Answer>(i));
}

}  // namespace postrider::adapters::simulator
