#include "adapters/aws/dynamodb/chain/fence_start.hpp"

#include "adapters/aws/dynamodb/database/update.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

// CloudFormation updates functions one after the other, and a replaced one ends within seconds.
constexpr std::chrono::minutes longest_update{15};
const Json key = guard_key("chains", "-");

}  // namespace

bool FenceStart::may_claims_lack_fences(domain::TimePoint now) {
  if (start_ == 0) learn(now);
  const std::int64_t start = start_;
  return start == 0 || now < domain::from_unix_ms(start) + longest_update;
}

/// Reads the time, or writes it where there is none. A failure leaves it unknown: the next claim
/// asks again.
void FenceStart::learn(domain::TimePoint now) {
  const Key wanted{database_.tables().guard, key};
  const auto found = database_.get({&wanted, 1});
  if (!found) return;
  if (found->front()) {
    start_ = number_of(*found->front(), "since");
    return;
  }
  Update update{wanted.table, key};
  update.require("attribute_not_exists(" + update.name("since") + ")");
  update.set("since", number(domain::to_unix_ms(now)));
  if (database_.write({"UpdateItem", update.request("NONE"), Repeat::safe}).done())
    start_ = domain::to_unix_ms(now);
}

}  // namespace postrider::adapters::aws::dynamodb
