#include "adapters/sqlite/velocity_count.hpp"

#include <array>

namespace postrider::adapters::sqlite {
namespace {

constexpr domain::Milliseconds slot_length = std::chrono::minutes{10};
constexpr std::int64_t slots_of_an_hour = 7;  // six whole ones and the one that has begun

constexpr const char* select_count =
    "SELECT ifnull(sum(n), 0) FROM velocity WHERE key = ? AND slot > ?";
constexpr const char* add_count =
    "INSERT INTO velocity(key, slot, n) VALUES(?, ?, ?)"
    " ON CONFLICT(key, slot) DO UPDATE SET n = n + excluded.n";
constexpr const char* forget_old = "DELETE FROM velocity WHERE slot <= ?";

}  // namespace

VelocityCount::Count& VelocityCount::of(const std::string& key, std::int64_t slot) {
  const auto [found, fresh] = counts_.try_emplace(key);
  if (fresh) {
    auto row = writer_.query(select_count, std::string_view{found->first}, slot - slots_of_an_hour);
    if (row.row()) found->second.before = row.small(0);
  }
  return found->second;
}

const char* VelocityCount::take(const domain::Notification& n, domain::TimePoint now,
                                const ports::Velocity& limits) {
  slot_ = domain::to_unix_ms(now) / slot_length.count();
  const auto& phone = n.content.phone;
  const auto prefix = ports::velocity_prefix(phone);
  struct Rule {
    int limit;
    std::string key;
    const char* reason;
  };
  const std::array rules{Rule{limits.per_number, phone, "too_many_to_number"},
                         Rule{limits.per_prefix, prefix + "*", "too_many_to_prefix"},
                         Rule{limits.per_country, n.content.country, "too_many_to_country"}};
  for (const auto& rule : rules) {
    if (rule.limit == 0) continue;
    const auto& count = of(rule.key, slot_);
    if (count.before + count.now >= rule.limit) return rule.reason;
  }
  for (const auto& rule : rules)
    if (rule.limit > 0) ++of(rule.key, slot_).now;
  return nullptr;
}

void VelocityCount::write() {
  if (counts_.empty()) return;
  writer_.run(forget_old, slot_ - slots_of_an_hour);  // numbers of people: no longer than needed
  for (const auto& [key, count] : counts_) {
    if (count.now == 0) continue;
    writer_.run(add_count, std::string_view{key}, slot_, count.now);
  }
}

}  // namespace postrider::adapters::sqlite
