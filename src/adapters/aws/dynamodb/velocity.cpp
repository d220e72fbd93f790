#include "adapters/aws/dynamodb/velocity.hpp"

#include <thread>

#include "adapters/aws/dynamodb/update.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

constexpr domain::Milliseconds slot_length = std::chrono::minutes{10};
constexpr std::int64_t slots_of_an_hour = 7;  // six whole ones and the one that has begun
constexpr int velocity_tries = 30;

std::string slot_name(std::int64_t slot) { return "slot_" + std::to_string(slot); }

struct Rule {
  int limit;
  std::string key;
  const char* reason;
};

std::vector<Rule> rules_of(const domain::Notification& n, const ports::Velocity& limits) {
  const auto& phone = n.content.phone;
  std::vector<Rule> rules;
  const auto add = [&rules](int limit, std::string key, const char* reason) {
    if (limit > 0) rules.push_back({limit, std::move(key), reason});
  };
  add(limits.per_number, "number#" + phone, "too_many_to_number");
  add(limits.per_prefix, "prefix#" + ports::velocity_prefix(phone), "too_many_to_prefix");
  add(limits.per_country, "country#" + n.content.country, "too_many_to_country");
  return rules;
}

Json key_of(const Rule& rule) { return guard_key("velocity#" + rule.key, "-"); }

std::int64_t count_in(const Item& item, std::int64_t slot) {
  std::int64_t count = 0;
  for (std::int64_t s = slot - slots_of_an_hour + 1; s <= slot; ++s)
    count += number_of(item, slot_name(s));
  return count;
}

/// One more, if nobody else has counted since; slots that have left the hour go.
Json count_one(const std::string& table, const Rule& rule, const Item& item, std::int64_t slot) {
  Update update{table, key_of(rule)};
  const auto version = number_of(item, "version");
  if (version == 0) {
    // What is over its time to live was not read; its slots have left the hour.
    update.require("attribute_not_exists(" + update.name("version") + ") OR " + update.name("ttl") +
                   " <= " + update.value(number(slot * slot_length.count() / 1000)));
  } else {
    update.require_equal("version", number(version));
  }
  update.set("version", number(version + 1));
  // Numbers of people: no longer than needed.
  update.set("ttl", number((slot + slots_of_an_hour) * slot_length.count() / 1000));
  update.add(slot_name(slot), 1);
  for (const auto& [name, value] : item.items())
    if (name.starts_with("slot_") && name < slot_name(slot - slots_of_an_hour + 1))
      update.remove(name);
  return update.action();
}

}  // namespace

domain::Result<std::string> Velocity::take(const domain::Notification& n, domain::TimePoint now,
                                           const ports::Velocity& limits) {
  const std::int64_t slot = domain::to_unix_ms(now) / slot_length.count();
  const auto rules = rules_of(n, limits);
  std::vector<Key> keys;
  for (const auto& rule : rules) keys.push_back({database_.tables().guard, key_of(rule)});
  for (int tries = 0; tries < velocity_tries; ++tries) {
    const auto found = database_.get(keys);
    if (!found) return found.error();
    Json actions = Json::array();
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const auto item = (*found)[i].value_or(Json::object());
      if (count_in(item, slot) >= rules[i].limit) return std::string{rules[i].reason};
      actions.push_back(count_one(database_.tables().guard, rules[i], item, slot));
    }
    // Counted twice after a lost answer is one too many, on the safe side.
    const auto outcome =
        database_.write({"TransactWriteItems", {{"TransactItems", actions}}, Repeat::if_refused});
    if (outcome.done()) return std::string{};
    if (!outcome.refused()) return outcome.error;
    std::this_thread::sleep_for(std::chrono::milliseconds{database_.next_sequence() % 20});
  }
  return domain::Error{domain::ErrorKind::unavailable, "a velocity counter is too busy"};
}

}  // namespace postrider::adapters::aws::dynamodb
