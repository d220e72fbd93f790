// Records of DynamoDbNotificationStore: decided changes, applied by compare-and-set. The pointer
// from a message id to its notification is written first, so that a receipt finds the notification
// even where a later write fails.
#include <map>
#include <set>

#include "adapters/aws/dynamodb/database/conditional_update.hpp"
#include "adapters/aws/dynamodb/database/update.hpp"
#include "adapters/aws/dynamodb/notification_item.hpp"
#include "adapters/aws/dynamodb/notification_store.hpp"

namespace postrider::adapters::aws::dynamodb {

using domain::Change;
using domain::Money;
using domain::MoneyEffect;
using domain::State;

struct DynamoDbNotificationStore::Recording {
  const Change* change = nullptr;
  std::string token;
  ports::RecordOutcome outcome = ports::RecordOutcome::stale;
  bool unknown = false;                     // no answer: it may have been written
  std::optional<domain::Error> error = {};  // where it failed
  bool invalid = false;                     // and would fail again
  std::optional<Item> after;                // where it was applied
};

namespace {

constexpr int max_window_tries = 30;

/// A cost above the reservation is counted before the change is written, a lower one after: a
/// worker that dies between leaves too much counted, never too little.
Money more_used(const Change& change) {
  return std::max(domain::budget_effect(change).used(), Money{});
}

/// The effects of several changes on the budget, one a day.
class EffectsByDay {
 public:
  void add(const domain::BudgetEffect& effect) {
    auto& sum = of(effect.day);
    sum.reserved += effect.reserved;
    sum.spent += effect.spent;
  }
  std::span<const domain::BudgetEffect> all() const { return effects_; }

 private:
  domain::BudgetEffect& of(int day) {
    for (auto& effect : effects_)
      if (effect.day == day) return effect;
    return effects_.emplace_back(domain::BudgetEffect{day, {}, {}});
  }
  std::vector<domain::BudgetEffect> effects_;
};

void set_attempt(Update& update, const domain::AttemptUpdate& attempt, bool count_late) {
  if (attempt.submission)
    update.set(submission_name(attempt.no), submission_value(*attempt.submission));
  if (attempt.receipt) update.set(receipt_name(attempt.no), receipt_value(*attempt.receipt));
  if (attempt.late && count_late) update.add(late_name(attempt.no), 1);
}

void set_money(Update& update, const Change& change) {
  if (change.money == MoneyEffect::keep) return;
  const auto purse = domain::purse_after(change);
  Item money = Json::object();
  put(money, "reserved", purse.reserved.micros);
  put(money, "spent", purse.spent.micros);
  put(money, "budget_day", purse.budget_day);
  for (const char* name : {"reserved", "spent", "budget_day"}) update.set_or_remove(name, money);
}

void set_due(Update& update, const Change& change, State state, Database& database) {
  const auto due = due_attributes(change.id, state, change.priority, change.due_at,
                                  database.next_sequence(), database.requeue_after());
  for (const char* name : due_names) update.set_or_remove(name, due);
}

/// The write of a change, with all values absolute: the condition protects them.
void set_move(Update& update, const Change& change, Database& database) {
  const State to = *change.to;
  Item values = Json::object();
  put(values, "reason", change.reason);
  put(values, "attempts", change.attempts);
  put(values, "sms_tries", change.sms_tries);
  put(values, "email_tries", change.email_tries);
  if (change.mail_waited.count() > 0) put(values, "mail_waited", change.mail_waited.count());
  put_flag(values, "sms_submitted", change.sms_submitted);
  put_flag(values, "mail_submitted", change.mail_submitted);
  if (change.proof != domain::Proof::none) put(values, "proof", domain::name(change.proof));
  if (domain::may_expire(to)) put(values, "ttl", ttl_of(change.created_at, database.retention()));
  for (const char* name : {"reason", "attempts", "sms_tries", "email_tries", "mail_waited",
                           "sms_submitted", "mail_submitted", "proof", "ttl"})
    update.set_or_remove(name, values);
  set_due(update, change, to, database);
  update.set("state", text(domain::name(to)));
  append_history(update, change.version, history_line(change.at, change.from, to, change.cause));
}

}  // namespace

/// Changes of the same notification get one round each, so that they apply in order.
domain::Result<std::vector<ports::RecordOutcome>> DynamoDbNotificationStore::record(
    std::span<const Change> changes) {
  std::vector<ports::RecordOutcome> outcomes(changes.size(), ports::RecordOutcome::stale);
  const auto unpointed = point_to(changes);
  std::optional<domain::Error> error;
  bool any = false;  // one was written, or can never be
  std::vector<std::size_t> waiting(changes.size());
  for (std::size_t i = 0; i < waiting.size(); ++i) waiting[i] = i;
  while (!waiting.empty()) {
    std::set<domain::NotificationId> seen;
    std::vector<std::size_t> later, now;
    std::vector<Recording> wave;
    for (const auto i : waiting) {
      if (!seen.insert(changes[i].id).second) {
        later.push_back(i);
        continue;
      }
      now.push_back(i);
      wave.push_back({.change = &changes[i], .token = database_.fresh_token(), .after = {}});
      if (const auto failed = unpointed.find(changes[i].id); failed != unpointed.end())
        fail(wave.back(), failed->second);
    }
    const auto done = record_wave(wave);
    if (!done) return done.error();
    for (std::size_t k = 0; k < now.size(); ++k) {
      outcomes[now[k]] = wave[k].outcome;
      if (wave[k].error) error = wave[k].error;
      any = any || !wave[k].error || wave[k].invalid;
    }
    waiting = std::move(later);
  }
  if (!any && error) return *error;
  return outcomes;
}

/// Writes the pointers of the message ids. Returns the notifications whose pointer could not be
/// written: their change is not written either, because their receipts would find nothing.
std::map<domain::NotificationId, WriteOutcome> DynamoDbNotificationStore::point_to(
    std::span<const Change> changes) {
  std::map<Json, Item> pointers;
  std::map<Json, domain::NotificationId> owners;
  for (const auto& change : changes) {
    if (!change.attempt || !change.attempt->submission || !change.attempt->owned) continue;
    const auto& submission = *change.attempt->submission;
    if (submission.message_id.empty()) continue;
    const auto key = message_key({submission.carrier, submission.message_id});
    Item item = key;
    put(item, "notification_id", domain::to_string(change.id));
    put(item, "attempt_no", change.attempt->no);
    put(item, "channel", domain::name(submission.channel));
    put_time(item, "at", submission.at);
    // Receipts come within days; the notification may be younger than its attempt, never older.
    put(item, "ttl", ttl_of(submission.at, database_.retention()));
    pointers[key] = std::move(item);
    owners[key] = change.id;
  }
  std::vector<Item> items;
  for (auto& [key, item] : pointers) items.push_back(item);
  std::map<domain::NotificationId, WriteOutcome> failed;
  if (database_.put_all(database_.tables().status, std::move(items))) return failed;
  for (const auto& [key, item] : pointers) {  // each by itself, so that one stops no other
    const auto one = database_.put_all(database_.tables().status, {item});
    if (one) continue;
    WriteOutcome outcome;
    outcome.error = one.error();
    failed.emplace(owners.at(key), std::move(outcome));
  }
  return failed;
}

void DynamoDbNotificationStore::fail(Recording& r, const WriteOutcome& outcome) {
  r.outcome = ports::RecordOutcome::failed;
  r.error = outcome.error;
  r.invalid = outcome.invalid;
  set_aside_.unwritable(r.change->id, outcome);
}

Write DynamoDbNotificationStore::change_write(const Recording& r) {
  const auto& change = *r.change;
  Update update{database_.tables().log, log_key(domain::to_string(change.id))};
  update.require_equal("state", text(domain::name(change.from)));
  update.require_equal("version", number(change.version));
  if (change.to) set_move(update, change, database_);
  if (change.puts_off) set_due(update, change, change.from, database_);
  set_money(update, change);
  if (change.changes_notification()) update.set("version", number(change.version + 1));
  if (change.attempt) set_attempt(update, *change.attempt, true);
  // A count of late receipts leaves state and version as they are: the token makes a second time
  // fail.
  const std::string token = update.name("token");
  update.require("attribute_not_exists(" + token + ") OR " + token + " <> " +
                 update.value(text(r.token)));
  update.set("token", text(r.token));
  return {"UpdateItem", update.request("ALL_NEW"), Repeat::safe};
}

domain::Result<domain::Done> DynamoDbNotificationStore::record_wave(std::vector<Recording>& wave) {
  std::vector<Write> writes;
  std::vector<Recording*> writing;
  EffectsByDay before, after;
  for (auto& r : wave) {
    if (r.error) continue;
    writing.push_back(&r);
    writes.push_back(change_write(r));
    before.add({r.change->budget_day, {}, more_used(*r.change)});
  }
  if (const auto done = budget_.settle(before.all()); !done) return done.error();
  const auto outcomes = database_.write(writes);
  CostSums::Changes sums;
  for (std::size_t k = 0; k < writing.size(); ++k) {
    auto& r = *writing[k];
    const auto& w = outcomes[k];
    const domain::BudgetEffect counted_before{
        r.change->budget_day, {}, Money{} - more_used(*r.change)};
    if (w.done() || (w.refused() && text_of(w.found.front(), "token") == r.token)) {
      r.outcome = ports::RecordOutcome::applied;
      r.after = w.done() ? w.item : w.found.front();
      after.add(domain::budget_effect(*r.change));
      after.add(counted_before);
      CostSums::add(sums, *r.change, *r.after);
    } else if (w.refused()) {
      after.add(counted_before);  // another change came first
    } else {
      fail(r, w);
      r.unknown = !w.not_done;  // then its cost stays counted
      if (w.not_done) after.add(counted_before);
    }
  }
  write_owned(wave);
  // What follows the changes that are written: the same again would not write it.
  note_failure("budget", budget_.settle(after.all()));
  note_failure("cost_sums", sums_.write(sums));
  for (const auto& r : wave)
    if (r.after && r.change->to && r.change->from == State::deferred)
      note_failure("throttle_slot", update_throttle_slot(*r.change, *r.after));
  return domain::Done{};
}

void DynamoDbNotificationStore::note_failure(std::string_view code,
                                             const domain::Result<domain::Done>& done) {
  if (!done)
    telemetry_.log(ports::Level::error, "store_failed",
                   {{ports::Field::code, code}, {ports::Field::reason, done.error().what}});
}

/// The owner of an attempt completes it even where the notification has moved on.
void DynamoDbNotificationStore::write_owned(std::vector<Recording>& wave) {
  std::vector<Write> writes;
  std::vector<Recording*> writing;
  for (auto& r : wave) {
    if (r.outcome == ports::RecordOutcome::applied || !r.change->attempt ||
        !r.change->attempt->owned || r.invalid)
      continue;
    Update update{database_.tables().log, log_key(domain::to_string(r.change->id))};
    update.require("attribute_exists(" + update.name("notification_id") + ")");
    // A stale change of the money is decided again, and the late receipt is counted then; so is a
    // change whose receipt comes again because nobody knows whether it was written.
    const bool counts = r.change->attempt->late && !r.change->changes_notification() && !r.unknown;
    set_attempt(update, *r.change->attempt, counts);
    if (update.empty()) continue;
    writing.push_back(&r);
    writes.push_back(
        {"UpdateItem", update.request("NONE"), counts ? Repeat::if_refused : Repeat::safe});
  }
  const auto outcomes = database_.write(writes);
  for (std::size_t k = 0; k < outcomes.size(); ++k)
    if (const auto& w = outcomes[k]; !w.done() && !w.refused() && !writing[k]->error)
      fail(*writing[k], w);
}

/// Updates the throttle slot of a deferred notification: used when it wakes, else given up.
domain::Result<domain::Done> DynamoDbNotificationStore::update_throttle_slot(const Change& change,
                                                                             const Item& item) {
  const auto planned = time_of(item, "released_at");
  const auto released = domain::released_after(change);
  const auto n = notification_of(item);
  if (!n || (!planned && !released)) return domain::Done{};
  const Key key{database_.tables().guard, ThrottleWindow::key_of(*n)};
  const auto move_slot = [&](const Items& items) -> Decided<domain::Done> {
    ThrottleWindow window{items.front()};
    if (planned) window.take_out(*planned);
    if (released) window.add(*released);
    return {domain::Done{},
            Write{"PutItem", window.put_request(database_, key.key), Repeat::if_refused}};
  };
  const auto moved =
      update_conditionally<domain::Done>(database_, {&key, 1}, max_window_tries, move_slot);
  if (!moved) return moved.error();
  // Where other workers were faster each time, the person's next notifications wait a little longer
  // than needed.
  return domain::Done{};
}

}  // namespace postrider::adapters::aws::dynamodb
