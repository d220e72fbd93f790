#include "adapters/aws/dynamodb/velocity.hpp"

#include "adapters/aws/dynamodb/database/conditional_update.hpp"
#include "adapters/aws/dynamodb/database/update.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

constexpr int velocity_tries = 30;

std::string slot_name(std::int64_t slot) { return "slot_" + std::to_string(slot); }

Json key_of(const domain::VelocityRule& rule) {
  const char* scope = rule.scope == domain::VelocityScope::number   ? "number#"
                      : rule.scope == domain::VelocityScope::prefix ? "prefix#"
                                                                    : "country#";
  return guard_key("velocity#" + (scope + rule.subject), "-");
}

constexpr std::int64_t first_slot(std::int64_t slot) {
  return slot - domain::velocity_slots_of_an_hour + 1;
}

int count_in(const Item& item, std::int64_t slot) {
  std::int64_t count = 0;
  for (auto s = first_slot(slot); s <= slot; ++s) count += number_of(item, slot_name(s));
  return static_cast<int>(count);
}

/// The time at which the slot begins, in Unix seconds.
std::int64_t start_of(std::int64_t slot) {
  return slot * domain::velocity_slot_length.count() / 1000;
}

/// The write of one more SMS, if no other worker has counted since; slots that have left the hour
/// go.
Json count_one(const std::string& table, const domain::VelocityRule& rule, const Item& item,
               std::int64_t slot) {
  Update update{table, key_of(rule)};
  const auto version = number_of(item, "version");
  if (version == 0) {
    // An item over its time to live was not read; its slots have left the hour.
    update.require("attribute_not_exists(" + update.name("version") + ") OR " + update.name("ttl") +
                   " <= " + update.value(number(start_of(slot))));
  } else {
    update.require_equal("version", number(version));
  }
  update.set("version", number(version + 1));
  // Phone numbers are kept no longer than needed.
  update.set("ttl", number(start_of(slot + domain::velocity_slots_of_an_hour)));
  update.add(slot_name(slot), 1);
  for (const auto& [name, value] : item.items())
    if (name.starts_with("slot_") && name < slot_name(first_slot(slot))) update.remove(name);
  return update.action();
}

}  // namespace

domain::Result<domain::Reason> Velocity::take(std::vector<domain::VelocityRule> rules,
                                              domain::TimePoint now) {
  if (rules.empty()) return domain::Reason::none;
  const auto slot = domain::velocity_slot(now);
  std::vector<Key> keys;
  for (const auto& rule : rules) keys.push_back({database_.tables().guard, key_of(rule)});
  const auto count = [&](const Items& items) -> Decided<domain::Reason> {
    Json actions = Json::array();
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const auto item = items[i].value_or(Json::object());
      rules[i].sent = count_in(item, slot);
      actions.push_back(count_one(database_.tables().guard, rules[i], item, slot));
    }
    const auto over = domain::over_velocity(rules);
    if (over != domain::Reason::none) return {over};
    // An SMS counted twice after a lost answer is one too many, on the safe side.
    return {over, Write{"TransactWriteItems", {{"TransactItems", actions}}, Repeat::if_refused}};
  };
  const auto taken = update_conditionally<domain::Reason>(database_, keys, velocity_tries, count);
  if (!taken) return taken.error();
  if (*taken) return **taken;
  return domain::Error{domain::ErrorKind::unavailable, "a velocity counter is too busy"};
}

}  // namespace postrider::adapters::aws::dynamodb
