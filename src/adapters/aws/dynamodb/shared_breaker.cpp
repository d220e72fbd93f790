#include "adapters/aws/dynamodb/shared_breaker.hpp"

#include "adapters/aws/dynamodb/database/update.hpp"

namespace postrider::adapters::aws::dynamodb {

domain::Result<ports::SharedBreaker::Look> DynamoDbSharedBreaker::look(
    domain::TimePoint now, domain::Milliseconds probe_wait) {
  const Key wanted{database_.tables().guard, key_};
  const auto found = database_.get({&wanted, 1});
  if (!found) return found.error();
  const auto until = found->front() ? time_of(*found->front(), "until") : std::nullopt;
  if (!until) return Look{};
  const auto code = text_of(*found->front(), "code");
  if (now < *until) return Look{true, false, *until - now, code};
  Update update{database_.tables().guard, key_};
  update.require_equal("until", number(domain::to_unix_ms(*until)));
  update.set("until", number(domain::to_unix_ms(now + probe_wait)));
  const auto outcome = database_.write({"UpdateItem", update.request("NONE"), Repeat::if_refused});
  if (outcome.done()) return Look{false, true, {}, code};
  // Another worker took the probe, or the breaker was released in between: the next look shows
  // which.
  if (outcome.refused()) return Look{true, false, domain::Milliseconds{1'000}, code};
  return outcome.error;
}

domain::Result<domain::Done> DynamoDbSharedBreaker::hold(domain::TimePoint until,
                                                         const std::string& code) {
  Item item = key_;
  put_time(item, "until", until);
  put(item, "code", code);
  const auto outcome = database_.write(
      {"PutItem", {{"TableName", database_.tables().guard}, {"Item", item}}, Repeat::safe});
  if (!outcome.done()) return outcome.error;
  return domain::Done{};
}

domain::Result<domain::Done> DynamoDbSharedBreaker::release() {
  const auto outcome = database_.write(
      {"DeleteItem", {{"TableName", database_.tables().guard}, {"Key", key_}}, Repeat::safe});
  if (!outcome.done()) return outcome.error;
  return domain::Done{};
}

}  // namespace postrider::adapters::aws::dynamodb
