#include "adapters/aws/dynamodb/upkeep/undelivered_work.hpp"

#include "adapters/aws/dynamodb/database/update.hpp"
#include "adapters/aws/dynamodb/notification_item.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Priority;
using domain::State;

constexpr domain::Milliseconds look_again = std::chrono::minutes{30};

}  // namespace

UndeliveredWork::Taken UndeliveredWork::take(int max_items) {
  Taken taken;
  const auto first_shard = first_shard_++;  // in a long backlog no shard waits for another
  for (const auto state : {State::accepted, State::email_due}) {
    const auto limit = taken.items.size() + static_cast<std::size_t>(max_items);
    for (const auto priority : {Priority::high, Priority::normal})
      take_of(state, priority, first_shard, limit - taken.items.size(), taken);
  }
  return taken;
}

/// A shard that can't be read keeps no other from being taken.
void UndeliveredWork::take_of(State state, Priority priority, unsigned first_shard,
                              std::size_t max_items, Taken& taken) {
  const auto now = database_.now();
  std::vector<Write> writes;
  std::vector<ports::WorkQueue::Item> items;
  for (unsigned i = 0; i < due_shards && items.size() < max_items; ++i) {
    const auto shard = static_cast<int>((first_shard + i) % due_shards);
    const auto found = database_.query(
        {{"TableName", database_.tables().log},
         {"IndexName", due_index},
         {"KeyConditionExpression", "#shard = :shard AND #key < :now"},
         {"ExpressionAttributeNames", {{"#shard", "due_shard"}, {"#key", "due_key"}}},
         {"ExpressionAttributeValues",
          {{":shard", text(due_shard(state, priority, shard))},
           {":now", text(ordered_from(now + domain::Milliseconds{1}))}}}},
        max_items - items.size());
    if (!found) {
      if (!taken.error) taken.error = found.error();
      continue;
    }
    for (const auto& item : *found) {
      const auto id = domain::parse_notification_id(text_of(item, "notification_id"));
      if (!id) {
        set_aside_.unreadable(item, "notification_id");
        continue;
      }
      // The index may be behind: the condition checks the notification itself.
      Update update{database_.tables().log, log_key(text_of(item, "notification_id"))};
      update.require_equal("state", text(domain::name(state)));
      update.require_equal("due_key", text(text_of(item, "due_key")));
      update.set("due_key", text(ordered(now + look_again, database_.next_sequence())));
      writes.push_back({"UpdateItem", update.request("NONE"), Repeat::if_refused});
      items.push_back(
          {.id = *id,
           .channel = state == State::accepted ? domain::Channel::sms : domain::Channel::email,
           .priority = priority,
           .due_at = now,
           .segments = static_cast<int>(number_of(item, "segments")),
           .sweeper_at = now + look_again});
    }
  }
  const auto outcomes = database_.write(writes);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& outcome = outcomes[i];
    if (outcome.refused()) {
      // Moved on meanwhile, or gone; or in a state that this version does not know.
      if (const auto& now_there = outcome.found.front(); !now_there.empty())
        set_aside_.read(now_there);
    } else if (!outcome.not_done) {  // a lost answer counts as done
      taken.items.push_back(items[i]);
    }
  }
}

}  // namespace postrider::adapters::aws::dynamodb
