#include "adapters/sqlite/velocity_count.hpp"

namespace postrider::adapters::sqlite {
namespace {

constexpr const char* select_count =
    "SELECT ifnull(sum(n), 0) FROM velocity WHERE key = ? AND slot > ?";
constexpr const char* add_count =
    "INSERT INTO velocity(key, slot, n) VALUES(?, ?, ?)"
    " ON CONFLICT(key, slot) DO UPDATE SET n = n + excluded.n";
constexpr const char* delete_old = "DELETE FROM velocity WHERE slot <= ?";

/// A number has a "+" and a country has letters, so only a prefix needs a mark.
std::string key_of(const domain::VelocityRule& rule) {
  return rule.scope == domain::VelocityScope::prefix ? rule.subject + "*" : rule.subject;
}

}  // namespace

VelocityCount::Count& VelocityCount::of(const domain::VelocityRule& rule) {
  const auto [found, fresh] = counts_.try_emplace(key_of(rule));
  if (fresh) {
    auto row = writer_.query(select_count, std::string_view{found->first},
                             slot_ - domain::velocity_slots_of_an_hour);
    if (row.row()) found->second.before = row.small(0);
  }
  return found->second;
}

void VelocityCount::look(std::span<domain::VelocityRule> rules, domain::TimePoint now) {
  slot_ = domain::velocity_slot(now);
  for (auto& rule : rules) {
    const auto& count = of(rule);
    rule.sent = count.before + count.now;
  }
}

void VelocityCount::add(std::span<const domain::VelocityRule> rules) {
  for (const auto& rule : rules) ++of(rule).now;
}

void VelocityCount::write() {
  if (counts_.empty()) return;
  // They are numbers of people, so they are kept no longer than needed.
  writer_.run(delete_old, slot_ - domain::velocity_slots_of_an_hour);
  for (const auto& [key, count] : counts_) {
    if (count.now == 0) continue;
    writer_.run(add_count, std::string_view{key}, slot_, count.now);
  }
}

}  // namespace postrider::adapters::sqlite
