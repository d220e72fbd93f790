#include "pipeline/order_processor.hpp"

#include <map>

#include "message/identify.hpp"
#include "message/phone/phone.hpp"

namespace postrider::pipeline {
namespace {

using domain::Customer;
using domain::Notification;
using domain::Reason;
using domain::State;
using message::FieldError;

/// A customer's contact data for one event: the event's own contact wins over the directory.
struct Reach {
  domain::Phone phone;
  std::optional<std::string> time_zone;
  std::string email;  // empty: none, or not wanted
  bool sms_wanted = true;
};

template <class T>
const std::optional<T>& first_given(const std::optional<T>& a, const std::optional<T>& b) {
  return a ? a : b;
}

/// The phone number of the event's contact, else of the directory.
domain::Phone phone_of(const domain::Contact& given, const std::optional<Customer>& known,
                       const SmsRules& rules) {
  const domain::Contact none;
  const auto& stored = known ? known->contact : none;
  // A directory that other programs write too has numbers that are not parsed yet.
  const bool unread = known && known->phone == domain::Phone{};
  domain::Phone phone;
  if (const auto& text = given.phone || !unread ? given.phone : stored.phone) {
    const auto& region = first_given(given.region, stored.region);
    phone = message::normalise_phone(*text, region.value_or(rules.default_region));
  } else if (known) {
    phone = known->phone;
  }
  if (phone.e164.empty() && phone.problem == Reason::none) phone.problem = Reason::phone_missing;
  if (phone.country.empty() && !phone.e164.empty())
    phone.country = message::normalise_phone(phone.e164, "").country;
  // Numbers that charge the sender a premium are never worth a try.
  const bool tried = rules.to_fixed_lines && phone.problem != Reason::phone_premium_rate;
  if (phone.problem != Reason::none && !tried) phone.e164.clear();
  return phone;
}

Reach reach(const domain::OrderEvent& event, const std::optional<Customer>& known,
            const SmsRules& rules) {
  const domain::Contact none;
  const auto& given = event.contact ? *event.contact : none;
  const auto& stored = known ? known->contact : none;
  Reach result;
  result.phone = phone_of(given, known, rules);
  if (!known || known->email_opt_in.value_or(true))
    result.email = first_given(given.email, stored.email).value_or("");
  result.time_zone = first_given(given.time_zone, stored.time_zone);
  result.sms_wanted = !known || known->sms_opt_in.value_or(true);
  return result;
}

}  // namespace

OrderProcessor::OrderProcessor(Ports ports, const message::Composer& composer, SmsRules rules,
                               domain::Policy policy)
    : ports_{ports}, composer_{composer}, rules_{std::move(rules)}, policy_{policy} {}

/// The reason why no SMS can be sent; `none` where one can.
Reason OrderProcessor::why_not_by_sms(const Notification& n, bool sms_wanted,
                                      const message::Quote& quote, Reason phone_problem) {
  if (n.content.phone.empty()) return phone_problem;
  if (!sms_wanted) return Reason::sms_not_wanted;
  return n.mode == domain::Mode::live ? quote.refused : Reason::none;
}

/// Sets the estimate and the first state of `n`, with the reason where that is not `accepted`.
void OrderProcessor::choose_channel(Notification& n, bool sms_wanted, Reason phone_problem) const {
  const auto quote = composer_.quote(n.content.country, n.content.segments);
  if (n.mode == domain::Mode::live) n.estimate = quote.price;  // a test message costs nothing
  const auto reason = why_not_by_sms(n, sms_wanted, quote, phone_problem);
  if (reason == Reason::none) {
    n.state = State::accepted;
    return;
  }
  n.reason = domain::code(reason);
  n.state = n.content.email.empty() ? State::no_contact : State::email_due;
  // A number that must not be used is not stored: no later step can then send to it.
  n.content.phone.clear();
}

std::variant<Notification, FieldError> OrderProcessor::prepare_one(
    const Incoming& incoming, const std::optional<Customer>& known, const Moment& moment) const {
  const auto now = moment.now;
  const auto& event = incoming.event;
  Reach to = reach(event, known, rules_);
  const auto& contact_locale = event.contact ? event.contact->locale : event.locale;
  const auto& kept_locale = known ? known->contact.locale : event.locale;
  const auto& locale = first_given(event.locale, first_given(contact_locale, kept_locale));
  auto composed = composer_.compose(event, locale);
  if (!composed)
    return FieldError{"template_value_missing", "/data",
                      "the template for this status needs a value that the event does not give: " +
                          composed.error().what};

  Notification n;
  n.id = message::identify(incoming.origin.shop, incoming.origin.mode, event);
  n.fingerprint = message::fingerprint(event);
  n.other_spellings = message::other_spellings(incoming.origin.shop, incoming.origin.mode, event);
  n.shop = incoming.origin.shop;
  n.mode = incoming.origin.mode;
  n.order_id = event.order_id;
  n.customer_id = event.customer_id;
  n.status = event.status;
  n.parcel = event.parcel.value_or("");
  n.explicit_key = event.dedupe_key.has_value();
  n.priority = domain::priority_of(event.status);
  n.occurred_at = event.occurred_at;
  n.created_at = now;
  n.intake = moment.intake;
  n.not_after = now + policy_.sms_not_after;
  n.content.sms_text = std::move(composed->sms.text);
  n.content.encoding = composed->sms.count.encoding;
  n.content.segments = composed->sms.count.segments;
  n.content.plain_segments = composed->sms.plain.segments;
  n.content.locale = std::move(composed->locale);
  n.content.template_version = std::move(composed->template_version);
  n.content.email_subject = std::move(composed->email_subject);
  n.content.email_text = std::move(composed->email_text);
  n.content.phone = std::move(to.phone.e164);
  n.content.country = std::move(to.phone.country);
  n.content.email = std::move(to.email);
  if (rules_.all_promotional || rules_.promotional.contains(n.status))
    n.content.sms_type = domain::SmsType::promotional;
  choose_channel(n, to.sms_wanted, to.phone.problem);
  if (!domain::is_end(n.state)) n.due_at = now;
  if (n.state == State::accepted && n.priority == domain::Priority::normal && rules_.quiet_hours) {
    n.content.quiet =
        rules_.quiet_hours->between(to.time_zone, n.content.country, now, n.not_after);
    if (const auto until = domain::quiet_until(n.content.quiet, now)) n.due_at = until;
  }
  return n;
}

domain::Result<std::vector<IntakeOutcome>> OrderProcessor::accept(std::span<const Incoming> batch) {
  auto prepared = prepare(batch);
  if (!prepared) return prepared.error();
  return store(*prepared);
}

/// The first of as many moments as the batch has events, later than all that were taken before: the
/// order of a batch's events is the order in which they happened, whatever the clock does.
std::int64_t OrderProcessor::first_intake_of(std::size_t batch, domain::TimePoint now) {
  std::int64_t last = last_intake_;
  std::int64_t first = 0;
  do first = std::max(last + 1, domain::to_unix_ms(now) * 1000);
  while (!last_intake_.compare_exchange_weak(last, first + static_cast<std::int64_t>(batch)));
  return first;
}

domain::Result<PreparedOrders> OrderProcessor::prepare(std::span<const Incoming> batch) {
  const auto now = ports_.clock.now();
  const auto first_intake = first_intake_of(batch.size(), now);
  std::map<std::string_view, std::vector<std::size_t>> by_shop;
  for (std::size_t i = 0; i < batch.size(); ++i) by_shop[batch[i].origin.shop].push_back(i);

  PreparedOrders prepared;
  prepared.outcomes.resize(batch.size());
  prepared.notifications.reserve(batch.size());
  prepared.owners.reserve(batch.size());
  for (const auto& [shop, indices] : by_shop) {
    std::vector<std::string> ids;
    ids.reserve(indices.size());
    for (const auto i : indices) ids.push_back(batch[i].event.customer_id);
    auto known = ports_.customers.find(std::string{shop}, ids);
    if (!known) return known.error();
    for (std::size_t k = 0; k < indices.size(); ++k) {
      auto result = prepare_one(batch[indices[k]], (*known)[k],
                                {now, first_intake + static_cast<std::int64_t>(indices[k])});
      if (auto* refusal = std::get_if<FieldError>(&result)) {
        prepared.outcomes[indices[k]] = std::move(*refusal);
        continue;
      }
      prepared.notifications.push_back(std::move(std::get<Notification>(result)));
      prepared.owners.push_back(indices[k]);
    }
  }
  return prepared;
}

domain::Result<std::vector<IntakeOutcome>> OrderProcessor::store(PreparedOrders& prepared) {
  auto& [outcomes, notifications, owners] = prepared;
  const domain::Throttle throttle{policy_.throttle_per_hour, policy_.throttle_window};
  auto inserted = ports_.store.insert(notifications, throttle);
  if (!inserted) return inserted.error();
  for (std::size_t i = 0; i < notifications.size(); ++i)
    outcomes[owners[i]] = conclude(notifications[i], (*inserted)[i]);
  announce(notifications, *inserted, outcomes.size() - notifications.size());
  return std::move(outcomes);
}

IntakeOutcome OrderProcessor::conclude(const Notification& n, const ports::InsertOutcome& outcome) {
  if (const auto* first = std::get_if<ports::Inserted>(&outcome))
    return Acceptance{n.id, first->state, false};
  if (const auto* again = std::get_if<ports::Duplicate>(&outcome))
    return Acceptance{again->id, again->state, true};
  if (std::holds_alternative<ports::Unreadable>(outcome)) return ports::Unreadable{};
  return FieldError{
      "conflict", "/dedupe_key",
      "this dedupe_key was used for an event with other content; use a new key for a new message"};
}

void OrderProcessor::announce(std::span<const Notification> prepared,
                              std::span<const ports::InsertOutcome> outcomes, std::size_t refused) {
  std::vector<ports::WorkQueue::Item> items;
  std::int64_t accepted = 0, duplicates = 0, conflicts = 0, deferred = 0, unreachable = 0,
               fallbacks = 0, unpriced = 0;
  std::string_view unpriced_country;
  const auto offer = [&items](const Notification& n, const domain::NotificationId& id,
                              State state) {
    if (state != State::accepted && state != State::email_due) return;
    items.push_back(
        {.id = id,
         .channel = state == State::accepted ? domain::Channel::sms : domain::Channel::email,
         .priority = n.priority,
         .due_at = n.created_at,
         .segments = n.content.segments});
  };
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    const auto* inserted = std::get_if<ports::Inserted>(&outcomes[i]);
    if (inserted == nullptr) {
      const auto* again = std::get_if<ports::Duplicate>(&outcomes[i]);
      if (again != nullptr) ++duplicates;
      if (std::holds_alternative<ports::Conflict>(outcomes[i])) ++conflicts;
      // The first intake may have ended before its offer to the queue; a second offer does no harm.
      if (again != nullptr) offer(prepared[i], again->id, again->state);
      continue;
    }
    ++accepted;
    deferred += inserted->state == State::deferred;
    unreachable += inserted->state == State::no_contact;
    fallbacks += inserted->state == State::email_due;
    if (prepared[i].reason == domain::code(Reason::price_unknown)) {
      ++unpriced;
      unpriced_country = prepared[i].content.country;
    }
    offer(prepared[i], prepared[i].id, inserted->state);
  }
  const auto count = [this](ports::Counter counter, std::int64_t n) {
    if (n > 0) ports_.telemetry.count(counter, n);
  };
  count(ports::Counter::events_accepted, accepted);
  count(ports::Counter::events_duplicate, duplicates);
  count(ports::Counter::events_conflict, conflicts);
  count(ports::Counter::events_refused, static_cast<std::int64_t>(refused));
  count(ports::Counter::deferred, deferred);
  count(ports::Counter::no_contact, unreachable);
  count(ports::Counter::fallbacks, fallbacks);
  if (unpriced > 0) report_price_unknown(unpriced, unpriced_country);
  if (!items.empty()) ports_.queue.offer(items);
}

void OrderProcessor::report_price_unknown(std::int64_t count, std::string_view country) {
  ports_.telemetry.count(ports::Counter::sms_price_unknown, count);
  if (!unpriced_alarm_.allow(ports_.clock.now())) return;
  ports_.telemetry.log(ports::Level::error, "price_unknown",
                       {{ports::Field::country, country.empty() ? "none" : country}});
}

}  // namespace postrider::pipeline
