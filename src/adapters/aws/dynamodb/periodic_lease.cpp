#include "adapters/aws/dynamodb/periodic_lease.hpp"

#include "adapters/aws/dynamodb/database/update.hpp"

namespace postrider::adapters::aws::dynamodb {

PeriodicLease::PeriodicLease(Database& database, const std::string& task,
                             domain::Milliseconds every)
    : database_{database}, key_(guard_key("turn#" + task, "-")), every_{every} {}

domain::Result<bool> PeriodicLease::take() {
  // A read costs less than a write that is refused each minute.
  const Key wanted{database_.tables().guard, key_};
  const auto found = database_.get({&wanted, 1});
  if (!found) return found.error();
  const auto now = database_.now();
  const auto next = found->front() ? time_of(*found->front(), "next") : std::nullopt;
  if (next && now < *next) return false;
  Update update{database_.tables().guard, key_};
  if (next) {
    update.require_equal("next", number(domain::to_unix_ms(*next)));
  } else {
    update.require("attribute_not_exists(" + update.name("next") + ")");
  }
  update.set("next", number(domain::to_unix_ms(now + every_)));
  const auto outcome = database_.write({"UpdateItem", update.request("NONE"), Repeat::if_refused});
  if (outcome.done()) return true;
  if (outcome.refused()) return false;
  return outcome.error;
}

void PeriodicLease::again_in(domain::Milliseconds wait) {
  Update update{database_.tables().guard, key_};
  update.set("next", number(domain::to_unix_ms(database_.now() + wait)));
  database_.write({"UpdateItem", update.request("NONE"), Repeat::safe});
}

}  // namespace postrider::adapters::aws::dynamodb
