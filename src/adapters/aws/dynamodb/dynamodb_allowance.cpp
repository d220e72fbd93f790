#include "adapters/aws/dynamodb/dynamodb_allowance.hpp"

#include <algorithm>
#include <deque>
#include <thread>

#include "adapters/aws/dynamodb/update.hpp"
#include "domain/pacer.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

constexpr int slot_tries = 30;
const Json key = guard_key("rate#sms", "-");

}  // namespace

struct DynamoDbAllowance::Grants {
  struct Grant {
    domain::TimePoint at;
    int parts = 0;
  };
  std::deque<Grant> grants;
  std::int64_t version = 0;

  int parts() const {
    int sum = 0;
    for (const auto& grant : grants) sum += grant.parts;
    return sum;
  }
};

domain::Result<DynamoDbAllowance::Grants> DynamoDbAllowance::read() {
  const Key wanted{database_.tables().guard, key};
  const auto found = database_.get({&wanted, 1});
  if (!found) return found.error();
  Grants grants;
  if (!found->front()) return grants;
  const auto& item = *found->front();
  grants.version = number_of(item, "version");
  for (const auto& each : list_of(item, "grants")) {
    const auto& map = each.value("M", Json::object());
    grants.grants.push_back({time_of(map, "at").value_or(domain::TimePoint{}),
                             static_cast<int>(number_of(map, "parts"))});
  }
  return grants;
}

WriteOutcome DynamoDbAllowance::write(const Grants& grants) {
  Json values = Json::array();
  for (const auto& grant : grants.grants)
    values.push_back(
        {{"M", {{"at", number(domain::to_unix_ms(grant.at))}, {"parts", number(grant.parts)}}}});
  Update update{database_.tables().guard, key};
  update.set("grants", list(std::move(values))).set("version", number(grants.version + 1));
  if (grants.version == 0) {
    update.require("attribute_not_exists(" + update.name("version") + ")");
  } else {
    update.require_equal("version", number(grants.version));
  }
  // Taken twice after a lost answer is a grant that nobody uses.
  return database_.write({"UpdateItem", update.request("NONE"), Repeat::if_refused});
}

domain::Result<ports::PartsGrant> DynamoDbAllowance::take_parts(int least, int most,
                                                                domain::TimePoint now) {
  if (limit_ == 0) return ports::PartsGrant{most, {}};
  for (int tries = 0; tries < slot_tries; ++tries) {
    auto read_now = read();
    if (!read_now) return read_now.error();
    auto& grants = read_now->grants;
    const auto leaves = [this](const Grants::Grant& grant) {
      return grant.at + domain::Pacer::counts_for(std::max(grant.parts, 1), limit_);
    };
    // Another machine's clock may be ahead: its grants count from now on.
    for (auto& grant : grants) grant.at = std::min(grant.at, now);
    std::erase_if(grants, [&](const Grants::Grant& grant) { return leaves(grant) <= now; });
    const int granted = read_now->parts();
    const int free = limit_ - granted;
    const bool longer_than_limit = least > limit_ && granted == 0;
    const int parts = longer_than_limit ? least : free < least ? 0 : std::min(free, most);
    if (parts == 0) return ports::PartsGrant{0, leaves(grants.front()) - now};
    grants.push_back({now, parts});
    const auto outcome = write(*read_now);
    if (outcome.done()) {
      const auto wait = parts == most ? domain::Milliseconds{0} : leaves(grants.front()) - now;
      return ports::PartsGrant{parts, wait};
    }
    if (!outcome.refused()) return outcome.error;
    std::this_thread::sleep_for(std::chrono::milliseconds{database_.next_sequence() % 20});
  }
  return ports::PartsGrant{0, domain::Pacer::window};  // others take all there is
}

void DynamoDbAllowance::return_parts(int parts) {
  for (int tries = 0; tries < slot_tries && parts > 0; ++tries) {
    auto read_now = read();
    if (!read_now) return;
    auto& grants = read_now->grants;
    int left = parts;
    while (left > 0 && !grants.empty()) {
      const int back = std::min(left, grants.back().parts);
      grants.back().parts -= back;
      left -= back;
      if (grants.back().parts == 0) grants.pop_back();
    }
    const auto outcome = write(*read_now);
    if (outcome.done() || !outcome.refused()) return;  // what is not returned passes in a second
  }
}

}  // namespace postrider::adapters::aws::dynamodb
