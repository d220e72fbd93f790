// Insert, load, match. Claims and records have files of their own.
#include "adapters/aws/dynamodb/notification_store.hpp"

#include <set>

#include "adapters/aws/dynamodb/database/conditional_update.hpp"
#include "adapters/aws/dynamodb/notification_item.hpp"
#include "adapters/aws/dynamodb/throttle_window.hpp"
#include "domain/intake/schedule.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Error;
using domain::ErrorKind;
using domain::Notification;
using domain::State;

// Rounds in which nothing was inserted, because other workers wrote the same person's window first.
constexpr int max_idle_rounds = 30;

/// The outcome for `n`, which repeats the notification of the item `first`. Who takes orders in may
/// not change items, so one that can't be read is only named.
ports::InsertOutcome repeat_of(const Item& first, const Notification& n, SetAside& set_aside) {
  const auto kept = notification_of(first);
  if (!kept) {
    set_aside.name(first, unreadable_attribute(first));
    return ports::Unreadable{};
  }
  if (domain::contradicts(n, kept->explicit_key, kept->fingerprint)) return ports::Conflict{};
  return ports::Duplicate{kept->id, kept->state};
}

/// The first of each person and id among the waiting ones: two writes of one window would
/// collide.
std::vector<std::size_t> next_wave(std::span<const Notification> batch,
                                   const std::vector<std::size_t>& waiting) {
  std::set<Json> windows;
  std::set<domain::NotificationId> ids;
  std::vector<std::size_t> wave;
  for (const auto i : waiting) {
    const bool fresh_id = ids.insert(batch[i].id).second;
    if (windows.insert(ThrottleWindow::key_of(batch[i])).second && fresh_id) wave.push_back(i);
  }
  return wave;
}

}  // namespace

Key DynamoDbNotificationStore::log_of(const domain::NotificationId& id) const {
  return {database_.tables().log, log_key(domain::to_string(id))};
}

domain::Result<std::vector<std::optional<Item>>> DynamoDbNotificationStore::items(
    std::span<const domain::NotificationId> ids) {
  std::vector<Key> keys;
  keys.reserve(ids.size());
  for (const auto& id : ids) keys.push_back(log_of(id));
  return database_.get(keys);
}

/// The write that inserts `n` in the state and at the time that the throttle gives it.
DynamoDbNotificationStore::Planned DynamoDbNotificationStore::plan(
    Notification n, ThrottleWindow window, const domain::Throttle& throttle) {
  const auto schedule = domain::schedule_of(n, window.room_for(n, throttle));
  const auto first = history_line(n.created_at, std::nullopt, schedule.state, schedule.cause);
  n.state = schedule.state;
  n.due_at = schedule.due_at;
  Planned planned{{}, database_.fresh_token(), schedule.state, Json::array()};
  auto item = item_of(n);
  item.update(due_attributes(n.id, n.state, n.priority, n.due_at, database_.next_sequence(),
                             database_.requeue_after()));
  item["history"] = list(Json::array({first}));
  put(item, "token", planned.token);
  put_time(item, "released_at", schedule.released_at);
  if (domain::may_expire(n.state))
    item["ttl"] = number(ttl_of(n.created_at, database_.retention()));
  Json put_log{
      {"TableName", database_.tables().log},
      {"Item", std::move(item)},
      // An item over its time to live counts as deleted, although DynamoDB deletes it later.
      {"ConditionExpression", "attribute_not_exists(#id) OR #ttl <= :now"},
      {"ExpressionAttributeNames", {{"#id", "notification_id"}, {"#ttl", "ttl"}}},
      {"ExpressionAttributeValues", {{":now", number(domain::to_unix_ms(database_.now()) / 1000)}}},
      {"ReturnValuesOnConditionCheckFailure", "ALL_OLD"}};
  if (!schedule.released_at) {
    planned.write = {"PutItem", std::move(put_log), Repeat::safe};
    return planned;
  }
  window.add(*schedule.released_at);
  auto put_window = window.put_request(database_, ThrottleWindow::key_of(n));
  planned.actions = Json::array({{{"Put", std::move(put_log)}}, {{"Put", std::move(put_window)}}});
  planned.write = {"TransactWriteItems",
                   {{"TransactItems", planned.actions}, {"ClientRequestToken", planned.token}},
                   Repeat::safe};
  return planned;
}

/// Inserts all with one transaction, which costs as much as one each and a tenth of the calls.
/// False where one write failed its condition: then each goes by itself, and its token shows
/// whether it is stored.
bool DynamoDbNotificationStore::insert_together(std::vector<Planned>& planned) {
  constexpr std::size_t max_actions = 100;
  Json actions = Json::array();
  for (const auto& insertion : planned) {
    if (insertion.actions.empty()) return false;
    for (const auto& action : insertion.actions) actions.push_back(action);
  }
  if (planned.size() < 2 || actions.size() > max_actions) return false;
  const auto outcome = database_.write(
      {"TransactWriteItems",
       {{"TransactItems", std::move(actions)}, {"ClientRequestToken", database_.fresh_token()}},
       Repeat::safe});
  return outcome.done();
}

/// The throttle windows of a wave. Those that are stored in another spelling get their outcome.
domain::Result<std::map<std::size_t, ThrottleWindow>> DynamoDbNotificationStore::look_up(
    std::span<const Notification> batch, const std::vector<std::size_t>& wave,
    std::map<std::size_t, ports::InsertOutcome>& outcomes) {
  std::vector<Key> keys;
  std::vector<std::size_t> spelled;  // the owners of the keys behind those of the windows
  for (const auto i : wave)
    keys.push_back({database_.tables().guard, ThrottleWindow::key_of(batch[i])});
  for (const auto i : wave)
    for (const auto& other : batch[i].other_spellings)
      if (other.id != batch[i].id) {
        keys.push_back(log_of(other.id));
        spelled.push_back(i);
      }
  const auto found = database_.get(keys);
  if (!found) return found.error();
  std::map<std::size_t, ThrottleWindow> windows;
  for (std::size_t k = 0; k < wave.size(); ++k) windows.emplace(wave[k], (*found)[k]);
  const auto now = domain::to_unix_ms(database_.now()) / 1000;
  for (std::size_t k = 0; k < spelled.size(); ++k) {
    const auto& first = (*found)[wave.size() + k];
    if (first && (!first->contains("ttl") || number_of(*first, "ttl") > now))
      outcomes.emplace(spelled[k], repeat_of(*first, batch[spelled[k]], set_aside_));
  }
  return windows;
}

/// The outcomes of a wave's writes. A write without an outcome only met a changed window.
domain::Result<std::map<std::size_t, ports::InsertOutcome>> DynamoDbNotificationStore::insert_wave(
    std::span<const Notification> batch, std::vector<std::size_t> wave,
    const domain::Throttle& throttle) {
  std::map<std::size_t, ports::InsertOutcome> outcomes;
  auto windows = look_up(batch, wave, outcomes);
  if (!windows) return windows.error();
  std::erase_if(wave, [&outcomes](std::size_t i) { return outcomes.contains(i); });
  std::vector<Planned> planned;
  std::vector<Write> writes;
  for (const auto i : wave) {
    planned.push_back(plan(batch[i], std::move(windows->at(i)), throttle));
    writes.push_back(planned.back().write);
  }
  if (insert_together(planned)) {
    for (std::size_t k = 0; k < wave.size(); ++k)
      outcomes[wave[k]] = ports::Inserted{planned[k].state};
    return outcomes;
  }
  const auto written = database_.write(writes);
  for (std::size_t k = 0; k < wave.size(); ++k) {
    const auto& w = written[k];
    if (!w.done() && !w.refused()) return w.error;
    if (w.done() || text_of(w.found.front(), "token") == planned[k].token) {
      outcomes[wave[k]] = ports::Inserted{planned[k].state};
    } else if (w.failed.front()) {
      outcomes[wave[k]] = repeat_of(w.found.front(), batch[wave[k]], set_aside_);
    }
  }
  return outcomes;
}

domain::Result<std::vector<ports::InsertOutcome>> DynamoDbNotificationStore::insert(
    std::span<const Notification> batch, const domain::Throttle& throttle) {
  std::vector<ports::InsertOutcome> outcomes(batch.size(), ports::Conflict{});
  std::vector<std::size_t> waiting(batch.size());
  for (std::size_t i = 0; i < waiting.size(); ++i) waiting[i] = i;
  int idle_rounds = 0;
  while (!waiting.empty()) {
    const auto ended = insert_wave(batch, next_wave(batch, waiting), throttle);
    if (!ended) return ended.error();
    for (const auto& [i, outcome] : *ended) outcomes[i] = outcome;
    std::erase_if(waiting, [&ended](std::size_t i) { return ended->contains(i); });
    idle_rounds = ended->empty() ? idle_rounds + 1 : 0;
    if (idle_rounds == max_idle_rounds)
      return Error{ErrorKind::unavailable, "a person's throttle window is too busy"};
    if (idle_rounds > 0) wait_after_collision(database_);
  }
  return outcomes;
}

domain::Result<std::vector<std::optional<Notification>>> DynamoDbNotificationStore::load(
    std::span<const domain::NotificationId> ids) {
  if (ids.empty()) return std::vector<std::optional<Notification>>{};
  const auto found = items(ids);
  if (!found) return found.error();
  std::vector<std::optional<Notification>> loaded;
  for (const auto& item : *found) loaded.push_back(set_aside_.read(item));
  return loaded;
}

domain::Result<std::vector<std::optional<ports::MatchedAttempt>>> DynamoDbNotificationStore::match(
    std::span<const MessageKey> keys) {
  std::vector<std::optional<ports::MatchedAttempt>> matches(keys.size());
  std::vector<std::size_t> named;
  std::vector<Key> wanted;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].message_id.empty()) continue;
    named.push_back(i);
    wanted.push_back({database_.tables().status, message_key(keys[i])});
  }
  if (named.empty()) return matches;
  const auto pointers = database_.get(wanted);
  if (!pointers) return pointers.error();
  std::vector<std::size_t> known;
  std::vector<domain::NotificationId> ids;
  for (std::size_t k = 0; k < named.size(); ++k) {
    const auto& pointer = (*pointers)[k];
    if (!pointer) continue;
    const auto id = domain::parse_notification_id(text_of(*pointer, "notification_id"));
    if (!id) continue;
    known.push_back(k);
    ids.push_back(*id);
  }
  if (ids.empty()) return matches;
  const auto found = items(ids);
  if (!found) return found.error();
  for (std::size_t m = 0; m < known.size(); ++m) {
    const auto& item = (*found)[m];
    auto n = set_aside_.read(item);
    if (!n) continue;
    const auto& pointer = *(*pointers)[known[m]];
    ports::MatchedAttempt match;
    match.notification = std::move(*n);
    match.attempt_no = static_cast<int>(number_of(pointer, "attempt_no"));
    if (text_of(pointer, "channel") == "email") match.channel = domain::Channel::email;
    if (const auto receipt = receipt_of(map_of(*item, receipt_name(match.attempt_no))))
      match.reported = receipt->outcome;
    match.submitted_at = time_of(map_of(*item, submission_name(match.attempt_no)), "at");
    matches[named[known[m]]] = std::move(match);
  }
  return matches;
}

domain::Result<int> DynamoDbNotificationStore::expire(domain::TimePoint, int) { return 0; }

}  // namespace postrider::adapters::aws::dynamodb
