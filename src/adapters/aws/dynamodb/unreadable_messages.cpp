#include "adapters/aws/dynamodb/unreadable_messages.hpp"

#include "adapters/aws/dynamodb/notification_item.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

// The longest body kept: an item may have 400 KB.
constexpr std::size_t longest_body = 350'000;

}  // namespace

domain::Result<domain::Done> UnreadableMessages::keep(const UnreadableMessage& message) {
  const auto now = database_.now();
  Item item = guard_key("unreadable#" + std::to_string(domain::month_of(now)), message.message_id);
  put_time(item, "at", now);
  put(item, "queue", message.queue);
  put(item, "code", message.code);
  put(item, "path", message.pointer);
  put(item, "body", std::string_view{message.body}.substr(0, longest_body));
  put_flag(item, "cut", message.body.size() > longest_body);
  put(item, "ttl", ttl_of(now, database_.retention()));
  return database_.put_all(database_.tables().guard, {std::move(item)});
}

}  // namespace postrider::adapters::aws::dynamodb
