#include "adapters/aws/dynamodb/line_hold.hpp"

#include <algorithm>

#include "adapters/aws/dynamodb/database/update.hpp"
#include "domain/limits/circuit_breaker.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using Look = ports::LineHold::Look;

/// Items of version 1.0 have no wait.
domain::Milliseconds wait_of(const Item& item) {
  const auto wait = optional_number(item, "wait");
  return wait ? domain::Milliseconds{*wait} : domain::CircuitBreaker::account_wait;
}

Look look_at(const Item& item, domain::TimePoint until) {
  Look look;
  look.until = until;
  look.cause = {text_of(item, "code"), wait_of(item), flag_of(item, "by_receipt")};
  look.awaited = domain::parse_notification_id(text_of(item, "awaited"));
  return look;
}

/// Done, also where the condition failed: the item is another one by now.
domain::Result<domain::Done> done_or_outdated(const WriteOutcome& outcome) {
  if (!outcome.done() && !outcome.refused()) return outcome.error;
  return domain::Done{};
}

}  // namespace

domain::Result<Look> DynamoDbLineHold::look(domain::TimePoint now) {
  const Key wanted{database_.tables().guard, key_};
  const auto found = database_.get({&wanted, 1});
  if (!found) return found.error();
  const auto until = found->front() ? time_of(*found->front(), "until") : std::nullopt;
  if (!until) return Look{};
  auto look = look_at(*found->front(), *until);
  look.held = now < *until;
  if (look.held) return look;
  const auto next = now + look.cause.wait;
  Update update{database_.tables().guard, key_};
  update.require_equal("until", number(domain::to_unix_ms(*until)));
  update.set("until", number(domain::to_unix_ms(next)));
  const auto outcome = database_.write({"UpdateItem", update.request("NONE"), Repeat::if_refused});
  look.probe = outcome.done();
  look.until = next;
  // Another worker took the probe, or the hold ended in between: the next look shows which.
  if (outcome.refused()) {
    look.held = true;
    look.until = now + std::chrono::seconds{1};
  } else if (!look.probe) {
    return outcome.error;
  }
  return look;
}

domain::Result<domain::Done> DynamoDbLineHold::hold(domain::TimePoint now, const Cause& cause) {
  Update update{database_.tables().guard, key_};
  const auto until = number(domain::to_unix_ms(now + cause.wait));
  update.require("attribute_not_exists(" + update.name("until") + ") OR " + update.name("until") +
                 " <= " + update.value(until));
  update.set("until", until).set("code", text(cause.code));
  update.set("wait", number(cause.wait.count())).remove("awaited");
  if (cause.by_receipt) update.set("by_receipt", flag(true));
  return done_or_outdated(database_.write({"UpdateItem", update.request("NONE"), Repeat::safe}));
}

domain::Result<domain::Done> DynamoDbLineHold::give_back(domain::TimePoint now,
                                                         domain::TimePoint granted) {
  Update update{database_.tables().guard, key_};
  update.require_equal("until", number(domain::to_unix_ms(granted)));
  update.set("until", number(domain::to_unix_ms(now)));
  return done_or_outdated(database_.write({"UpdateItem", update.request("NONE"), Repeat::safe}));
}

domain::Result<domain::Done> DynamoDbLineHold::await_receipt(const domain::NotificationId& probe) {
  Update update{database_.tables().guard, key_};
  update.require("attribute_exists(" + update.name("until") + ")");
  update.set("awaited", text(domain::to_string(probe)));
  return done_or_outdated(database_.write({"UpdateItem", update.request("NONE"), Repeat::safe}));
}

domain::Result<domain::Done> DynamoDbLineHold::release() {
  const auto outcome = database_.write(
      {"DeleteItem", {{"TableName", database_.tables().guard}, {"Key", key_}}, Repeat::safe});
  if (!outcome.done()) return outcome.error;
  return domain::Done{};
}

}  // namespace postrider::adapters::aws::dynamodb
