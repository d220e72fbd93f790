#include "pipeline/order_processor.hpp"

#include <map>

#include "message/identify.hpp"
#include "message/phone.hpp"

namespace postrider::pipeline {
namespace {

using domain::Customer;
using domain::Notification;
using domain::State;
using message::FieldError;

/// Where one customer can be reached for one event: the event's own contact wins over the
/// directory.
struct Reach {
  std::string phone;          // E.164, or empty
  std::string phone_problem;  // why there is none
  std::string country;        // of the phone
  std::optional<std::string> time_zone;
  std::string email;  // empty: none, or not wanted
  bool sms_wanted = true;
};

template <class T>
const std::optional<T>& first_given(const std::optional<T>& a, const std::optional<T>& b) {
  return a ? a : b;
}

Reach reach(const domain::OrderEvent& event, const std::optional<Customer>& known,
            const SmsRules& rules) {
  Reach result;
  const domain::Contact none;
  const auto& given = event.contact ? *event.contact : none;
  const auto& kept = known ? known->contact : none;
  // A directory that other programs write has numbers that nobody has looked at yet.
  const bool unread = known && known->e164.empty() && known->phone_problem.empty();
  if (const auto& phone = given.phone || !unread ? given.phone : kept.phone) {
    const auto& region = first_given(given.region, kept.region);
    auto number = message::normalise_phone(*phone, region.value_or(rules.default_region));
    result.phone = std::move(number.e164);
    result.phone_problem = std::move(number.reason);
    result.country = std::move(number.region);
  } else if (known) {
    result.phone = known->e164;
    result.phone_problem = known->phone_problem;
  }
  if (result.phone.empty() && result.phone_problem.empty()) result.phone_problem = "missing";
  if (result.country.empty() && !result.phone.empty())
    result.country = message::normalise_phone(result.phone, "").region;
  // Numbers that charge the sender a premium are never worth a try.
  const bool tried = rules.to_fixed_lines && result.phone_problem != "premium_rate";
  if (!result.phone_problem.empty() && !tried) result.phone.clear();
  if (!known || known->email_opt_in.value_or(true))
    result.email = first_given(given.email, kept.email).value_or("");
  result.time_zone = first_given(given.time_zone, kept.time_zone);
  result.sms_wanted = !known || known->sms_opt_in.value_or(true);
  return result;
}

}  // namespace

OrderProcessor::OrderProcessor(Ports ports, const message::Composer& composer, SmsRules rules,
                               domain::Policy policy)
    : ports_{ports}, composer_{composer}, rules_{std::move(rules)}, policy_{policy} {}

/// Sets the state that it starts in, the reason when that is not `accepted`, and the estimate.
void OrderProcessor::choose_channel(Notification& n, bool sms_wanted,
                                    std::string_view problem) const {
  const auto quote = composer_.quote(n.content.country, n.content.segments);
  const bool live = n.mode == domain::Mode::live;  // a test message costs nothing
  if (live) n.estimate = quote.price;
  if (n.content.phone.empty()) {
    n.reason = "phone_" + std::string{problem};
  } else if (!sms_wanted) {
    n.reason = "sms_not_wanted";
  } else if (live && !quote.reason.empty()) {
    n.reason = quote.reason;
  } else {
    n.state = State::accepted;
    return;
  }
  n.state = n.content.email.empty() ? State::no_contact : State::email_due;
  // A number that must not be used is not kept: no later step can then send to it.
  n.content.phone.clear();
}

std::variant<Notification, FieldError> OrderProcessor::prepare_one(
    const Incoming& incoming, const std::optional<Customer>& known, domain::TimePoint now) const {
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
  n.shop = incoming.origin.shop;
  n.mode = incoming.origin.mode;
  n.order_id = event.order_id;
  n.customer_id = event.customer_id;
  n.status = event.status;
  n.explicit_key = event.dedupe_key.has_value();
  n.priority = domain::priority_of(event.status);
  n.occurred_at = event.occurred_at;
  n.created_at = now;
  n.not_after = now + policy_.sms_not_after;
  n.content.sms_text = std::move(composed->sms.text);
  n.content.encoding = composed->sms.count.encoding;
  n.content.segments = composed->sms.count.segments;
  n.content.plain_segments = composed->sms.plain.segments;
  n.content.locale = std::move(composed->locale);
  n.content.template_version = std::move(composed->template_version);
  n.content.email_subject = std::move(composed->email_subject);
  n.content.email_text = std::move(composed->email_text);
  n.content.phone = std::move(to.phone);
  n.content.country = std::move(to.country);
  n.content.email = std::move(to.email);
  if (rules_.all_promotional || rules_.promotional.contains(n.status))
    n.content.sms_type = domain::SmsType::promotional;
  choose_channel(n, to.sms_wanted, to.phone_problem);
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
  return store(std::move(*prepared));
}

domain::Result<PreparedOrders> OrderProcessor::prepare(std::span<const Incoming> batch) {
  const auto now = ports_.clock.now();
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
      auto one = prepare_one(batch[indices[k]], (*known)[k], now);
      if (auto* refusal = std::get_if<FieldError>(&one)) {
        prepared.outcomes[indices[k]] = std::move(*refusal);
        continue;
      }
      prepared.notifications.push_back(std::move(std::get<Notification>(one)));
      prepared.owners.push_back(indices[k]);
    }
  }
  return prepared;
}

domain::Result<std::vector<IntakeOutcome>> OrderProcessor::store(PreparedOrders prepared) {
  auto& [outcomes, notifications, owners] = prepared;
  const ports::Throttle throttle{policy_.throttle_per_hour, policy_.throttle_window};
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
    return Acceptance{n.id, again->state, true};
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
  const auto tell = [&items](const Notification& n, State state) {
    if (state != State::accepted && state != State::email_due) return;
    items.push_back(
        {.id = n.id,
         .channel = state == State::accepted ? domain::Channel::sms : domain::Channel::email,
         .priority = n.priority,
         .due_at = n.created_at,
         .segments = n.content.segments});
  };
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    const auto* inserted = std::get_if<ports::Inserted>(&outcomes[i]);
    if (inserted == nullptr) {
      const auto* again = std::get_if<ports::Duplicate>(&outcomes[i]);
      ++(again != nullptr ? duplicates : conflicts);
      // The first time may have ended before the queue was told; telling it twice does no harm.
      if (again != nullptr) tell(prepared[i], again->state);
      continue;
    }
    ++accepted;
    deferred += inserted->state == State::deferred;
    unreachable += inserted->state == State::no_contact;
    fallbacks += inserted->state == State::email_due;
    if (prepared[i].reason == message::reason_price_unknown) {
      ++unpriced;
      unpriced_country = prepared[i].content.country;
    }
    tell(prepared[i], inserted->state);
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
  if (unpriced > 0) tell_of_unpriced(unpriced, unpriced_country);
  if (!items.empty()) ports_.queue.offer(items);
}

void OrderProcessor::tell_of_unpriced(std::int64_t count, std::string_view country) {
  ports_.telemetry.count(ports::Counter::sms_price_unknown, count);
  if (!unpriced_alarm_.opens(ports_.clock.now())) return;
  ports_.telemetry.log(ports::Level::error, "price_unknown",
                       {{ports::Field::country, country.empty() ? "none" : country}});
}

}  // namespace postrider::pipeline
