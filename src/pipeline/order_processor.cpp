#include "pipeline/order_processor.hpp"

#include <map>

#include "message/identify.hpp"
#include "message/phone.hpp"
#include "message/replacement.hpp"
#include "message/segments.hpp"
#include "message/tracking_link.hpp"

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
  std::string email;          // empty: none, or not wanted
  bool sms_wanted = true;
};

template <class T>
const std::optional<T>& first_given(const std::optional<T>& a, const std::optional<T>& b) {
  return a ? a : b;
}

Reach reach(const domain::OrderEvent& event, const std::optional<Customer>& known,
            const ShopSettings& shop) {
  Reach result;
  const domain::Contact none;
  const auto& given = event.contact ? *event.contact : none;
  const auto& kept = known ? known->contact : none;
  if (given.phone) {
    const auto& region = first_given(given.region, kept.region);
    auto number = message::normalise_phone(*given.phone, region.value_or(shop.default_region));
    result.phone = std::move(number.e164);
    result.phone_problem = std::move(number.reason);
  } else if (known) {
    result.phone = known->e164;
    result.phone_problem = known->phone_problem;
  }
  if (result.phone.empty() && result.phone_problem.empty()) result.phone_problem = "missing";
  if (!result.phone_problem.empty() && !shop.sms_to_fixed_lines) result.phone.clear();
  if (!known || known->email_opt_in.value_or(true))
    result.email = first_given(given.email, kept.email).value_or("");
  result.sms_wanted = !known || known->sms_opt_in.value_or(true);
  return result;
}

/// The state that a new notification starts in, and the reason when that is not `accepted`.
std::pair<State, std::string> first_state(const Reach& reach) {
  std::string why;
  if (reach.phone.empty()) {
    why = "phone_" + reach.phone_problem;
  } else if (!reach.sms_wanted) {
    why = "sms_not_wanted";
  } else {
    return {State::accepted, ""};
  }
  return {reach.email.empty() ? State::no_contact : State::email_due, why};
}

}  // namespace

OrderProcessor::OrderProcessor(Ports ports, const message::Templates& templates, ShopSettings shop,
                               domain::Policy policy)
    : ports_{ports}, templates_{templates}, shop_{std::move(shop)}, policy_{policy} {}

std::variant<Notification, FieldError> OrderProcessor::prepare_one(
    const Incoming& incoming, const std::optional<Customer>& known, domain::TimePoint now) const {
  const auto& event = incoming.event;
  Reach to = reach(event, known, shop_);
  const auto& contact_locale = event.contact ? event.contact->locale : event.locale;
  const auto& kept_locale = known ? known->contact.locale : event.locale;
  const auto& locale = first_given(event.locale, first_given(contact_locale, kept_locale));
  const std::string link =
      event.tracking_url
          ? *event.tracking_url
          : message::tracking_link(shop_.tracking_link_pattern, event.order_id, event.status);
  auto rendered = templates_.render(event, locale.value_or(shop_.default_locale),
                                    {shop_.shop_name, shop_.default_locale, link});
  if (!rendered)
    return FieldError{"template_value_missing", "/data",
                      "the template for this status needs a value that the event does not give: " +
                          rendered.error().what};

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
  n.content.sms_text = message::replace_for_gsm7(rendered->sms_text).text;
  const auto count = message::count_segments(n.content.sms_text);
  n.content.encoding = count.encoding;
  n.content.segments = count.segments;
  n.content.locale = std::move(rendered->locale);
  n.content.email_subject = std::move(rendered->email_subject);
  n.content.email_text = std::move(rendered->email_text);
  n.estimate =
      n.mode == domain::Mode::test ? domain::Money{} : shop_.price_per_part * count.segments;
  std::tie(n.state, n.reason) = first_state(to);
  // A number that must not be used is not kept: no later step can then send to it.
  if (to.sms_wanted) n.content.phone = std::move(to.phone);
  n.content.email = std::move(to.email);
  if (!domain::is_end(n.state)) n.due_at = now;
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
               fallbacks = 0;
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    const auto* inserted = std::get_if<ports::Inserted>(&outcomes[i]);
    if (inserted == nullptr) {
      ++(std::holds_alternative<ports::Duplicate>(outcomes[i]) ? duplicates : conflicts);
      continue;
    }
    ++accepted;
    deferred += inserted->state == State::deferred;
    unreachable += inserted->state == State::no_contact;
    fallbacks += inserted->state == State::email_due;
    if (inserted->state == State::accepted || inserted->state == State::email_due)
      items.push_back({.id = prepared[i].id,
                       .channel = inserted->state == State::accepted ? domain::Channel::sms
                                                                     : domain::Channel::email,
                       .priority = prepared[i].priority,
                       .due_at = prepared[i].created_at});
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
  if (!items.empty()) ports_.queue.offer(items);
}

}  // namespace postrider::pipeline
