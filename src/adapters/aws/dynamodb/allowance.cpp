#include "adapters/aws/dynamodb/allowance.hpp"

#include <deque>

#include "adapters/aws/dynamodb/database/conditional_update.hpp"
#include "adapters/aws/dynamodb/database/update.hpp"
#include "domain/limits/pacer.hpp"
#include "domain/limits/rate_window.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

constexpr int rate_tries = 30;
const Json key = guard_key("rate#sms", "-");

/// The window of all workers, as the item has it. What a version before wrote lacks `urgent` and
/// `refusals`, and such a version leaves `refusals` as they are.
struct SharedWindow {
  domain::RateWindow window;
  std::int64_t version = 0;

  SharedWindow(int limit, const std::optional<Item>& item)
      : window{limit, grants_in(item), refusals_in(item)} {
    if (item) version = number_of(*item, "version");
  }

  static std::deque<domain::RateGrant> grants_in(const std::optional<Item>& item) {
    std::deque<domain::RateGrant> grants;
    if (!item) return grants;
    for (const auto& grant : list_of(*item, "grants")) {
      const auto& map = grant.value("M", Json::object());
      grants.push_back({time_of(map, "at").value_or(domain::TimePoint{}),
                        static_cast<int>(number_of(map, "parts")),
                        static_cast<int>(number_of(map, "urgent"))});
    }
    return grants;
  }

  static std::deque<domain::RateRefusal> refusals_in(const std::optional<Item>& item) {
    std::deque<domain::RateRefusal> refusals;
    if (!item) return refusals;
    for (const auto& refusal : list_of(*item, "refusals")) {
      const auto& map = refusal.value("M", Json::object());
      refusals.push_back({time_of(map, "at").value_or(domain::TimePoint{}),
                          static_cast<int>(number_of(map, "parts"))});
    }
    return refusals;
  }

  static Json map_of(domain::TimePoint at, int parts) {
    return {{"at", number(domain::to_unix_ms(at))}, {"parts", number(parts)}};
  }

  Write write(const std::string& table) const {
    Json grants = Json::array(), refusals = Json::array();
    for (const auto& grant : window.grants()) {
      auto map = map_of(grant.at, grant.parts);
      if (grant.urgent > 0) map["urgent"] = number(grant.urgent);
      grants.push_back({{"M", std::move(map)}});
    }
    for (const auto& refusal : window.refusals())
      refusals.push_back({{"M", map_of(refusal.at, refusal.parts)}});
    Update update{table, key};
    update.set("grants", list(std::move(grants)))
        .set("refusals", list(std::move(refusals)))
        .set("version", number(version + 1));
    if (version == 0) {
      update.require("attribute_not_exists(" + update.name("version") + ")");
    } else {
      update.require_equal("version", number(version));
    }
    // A grant that is taken twice after a lost answer is one that nobody uses.
    return {"UpdateItem", update.request("NONE"), Repeat::if_refused};
  }
};

}  // namespace

domain::Result<domain::PartsGrant> DynamoDbAllowance::take_parts(
    const domain::PartsRequest& request, domain::TimePoint now) {
  if (limit_ == 0) return domain::unlimited(request, now);
  const auto grant = [&](const Items& items) -> Decided<domain::PartsGrant> {
    SharedWindow shared{limit_, items.front()};
    const auto granted = shared.window.take(request, now);
    const bool urgent_refused = granted.messages < request.urgent;
    if (granted.parts == 0 && !urgent_refused) return {granted};
    return {granted, shared.write(database_.tables().guard)};
  };
  const Key item{database_.tables().guard, key};
  const auto granted =
      update_conditionally<domain::PartsGrant>(database_, {&item, 1}, rate_tries, grant);
  if (!granted) return granted.error();
  // nullopt: other workers were faster in each round, so nothing is granted.
  return granted->value_or(domain::PartsGrant{0, 0, now, domain::Pacer::window});
}

domain::Result<domain::Done> DynamoDbAllowance::return_parts(int parts,
                                                             const domain::PartsGrant& grant) {
  if (parts <= 0 || limit_ == 0) return domain::Done{};
  const auto take_back = [&](const Items& items) -> Decided<domain::Done> {
    SharedWindow shared{limit_, items.front()};
    if (shared.window.take_back(parts, grant.at) == 0) return {domain::Done{}};
    return {domain::Done{}, shared.write(database_.tables().guard)};
  };
  const Key item{database_.tables().guard, key};
  const auto returned =
      update_conditionally<domain::Done>(database_, {&item, 1}, rate_tries, take_back);
  if (!returned) return returned.error();
  return domain::Done{};  // where other workers were faster each time, the grant passes in a second
}

}  // namespace postrider::adapters::aws::dynamodb
