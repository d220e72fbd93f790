#include "adapters/aws/dynamodb/upkeep/set_aside.hpp"

#include "adapters/aws/dynamodb/database/update.hpp"
#include "adapters/aws/dynamodb/notification_item.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using ports::Field;

constexpr std::chrono::hours pause{1};

domain::NotificationId id_of(const Item& item) {
  return domain::parse_notification_id(text_of(item, "notification_id"))
      .value_or(domain::NotificationId{});
}

}  // namespace

std::optional<domain::Notification> SetAside::read(const Item& item) {
  auto n = notification_of(item);
  if (!n) unreadable(item, unreadable_attribute(item));
  return n;
}

void SetAside::unreadable(const Item& item, std::string_view attribute) {
  name(item, attribute);
  put_off(item);
}

void SetAside::name(const Item& item, std::string_view attribute) {
  telemetry_.count(ports::Counter::items_set_aside, 1);
  telemetry_.log(ports::Level::error, "item_set_aside",
                 {{Field::notification_id, id_of(item)},
                  {Field::code, "unreadable"},
                  {Field::key_name, attribute},
                  {Field::reason,
                   "this version can't read the attribute: mend or delete the item in the "
                   "notification log, or go back to the newer version"}});
}

void SetAside::unwritable(const domain::NotificationId& id, const WriteOutcome& outcome) {
  if (!outcome.invalid) {
    telemetry_.log(ports::Level::error, "store_failed",
                   {{Field::notification_id, id}, {Field::reason, outcome.error.what}});
    return;
  }
  telemetry_.count(ports::Counter::items_set_aside, 1);
  telemetry_.log(ports::Level::error, "item_set_aside",
                 {{Field::notification_id, id},
                  {Field::code, "unwritable"},
                  {Field::reason,
                   "DynamoDB refuses each write of the item: is it near 400 KB? Shorten or delete "
                   "it in the notification log"}});
  const Key key{database_.tables().log, log_key(domain::to_string(id))};
  if (const auto found = database_.get({&key, 1}); found && found->front())
    put_off(*found->front());
}

/// Moves the time at which a due item is looked at, and nothing else of it. If this fails, the item
/// is named again at once.
void SetAside::put_off(const Item& item) {
  const auto key = text_of(item, "due_key");
  const auto now = database_.now();
  if (key.empty() || key > ordered_from(now + domain::Milliseconds{1})) return;
  Update update{database_.tables().log, log_key(text_of(item, "notification_id"))};
  update.require_equal("due_key", text(key));
  update.set("due_key", text(ordered(now + pause, database_.next_sequence())));
  database_.write({"UpdateItem", update.request("NONE"), Repeat::if_refused});
}

}  // namespace postrider::adapters::aws::dynamodb
