#include "contract/samples.hpp"

namespace postrider::contract {

domain::NotificationId id_of(int number) {
  domain::NotificationId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i)
    id.bytes[i] = static_cast<std::uint8_t>(
        domain::spread({}, static_cast<std::uint64_t>(number) * 31 + i, 256));
  id.bytes[0] = static_cast<std::uint8_t>(number >> 8);
  id.bytes[1] = static_cast<std::uint8_t>(number);
  return id;
}

Notification sample(int number) {
  Notification n;
  n.id = id_of(number);
  n.shop = "shop";
  n.order_id = "order-" + std::to_string(number);
  n.customer_id = "customer-" + std::to_string(number);
  n.status = "shipped";
  n.fingerprint = id_of(number + 10'000);
  n.created_at = start;
  n.intake = domain::to_unix_ms(start) * 1000 + number;
  n.not_after = start + std::chrono::hours{12};
  n.content.phone = "+1425555" + std::to_string(1000 + number % 9000);
  n.content.email = "customer" + std::to_string(number) + "@example.com";
  n.content.locale = "en";
  n.content.sms_text = "Your order is on its way.";
  n.content.segments = 1;
  n.content.plain_segments = 2;
  n.content.country = "US";
  n.content.template_version = "en/shipped/1a2b3c4d";
  n.content.sms_type = domain::SmsType::promotional;
  n.content.quiet = {{start + std::chrono::days{90}, start + std::chrono::days{91}}};
  n.content.email_subject = "Order Update - shipped";
  n.content.email_text = "Your order is on its way.\nThank you.";
  n.estimate = Money{10'000};
  n.due_at = start;
  return n;
}

Notification sample_at(int number, Milliseconds after_start) {
  auto n = sample(number);
  n.created_at += after_start;
  n.intake += after_start.count() * 1000;
  n.not_after += after_start;
  n.due_at = n.created_at;
  return n;
}

domain::Change move(const Notification& from, State to, std::string cause) {
  domain::Change change;
  change.id = from.id;
  change.version = from.version;
  change.from = from.state;
  change.to = to;
  change.at = start + std::chrono::seconds{1};
  change.cause = std::move(cause);
  if (!domain::is_end(to)) change.due_at = change.at;
  change.reason = from.reason;
  change.attempts = from.attempts;
  change.sms_tries = from.sms_tries;
  change.email_tries = from.email_tries;
  change.mail_waited = from.mail_waited;
  change.sms_submitted = from.sms_submitted;
  change.mail_submitted = from.mail_submitted;
  change.proof = from.proof;
  change.reserved = from.reserved;
  change.charged = from.spent;
  change.budget_day = from.budget_day;
  change.priority = from.priority;
  change.created_at = from.created_at;
  return change;
}

domain::Submission taken(const std::string& message_id) {
  domain::Submission s;
  s.outcome = domain::Submitted::accepted;
  s.carrier = "carrier";
  s.message_id = message_id;
  s.at = start;
  s.segments = 1;
  s.price = Money{10'000};
  return s;
}

domain::Receipt receipt(const std::string& message_id, domain::ReceiptOutcome outcome) {
  domain::Receipt r;
  r.carrier = "carrier";
  r.message_id = message_id;
  r.outcome = outcome;
  r.at = start + std::chrono::seconds{5};
  return r;
}

domain::ClaimTerms terms(domain::TimePoint now, Money limit) {
  return {now, std::chrono::seconds{60}, limit};
}

std::vector<State> insert(ports::NotificationStore& store, const std::vector<Notification>& batch,
                          int throttle) {
  std::vector<State> states;
  const auto outcomes = store.insert(batch, {.limit = throttle});
  if (!outcomes) {
    ADD_FAILURE() << outcomes.error().what;
    return states;
  }
  for (const auto& outcome : *outcomes) {
    const auto* inserted = std::get_if<ports::Inserted>(&outcome);
    EXPECT_NE(inserted, nullptr);
    if (inserted != nullptr) states.push_back(inserted->state);
  }
  return states;
}

Notification load(ports::NotificationStore& store, const domain::NotificationId& id) {
  auto loaded = store.load({&id, 1});
  if (!loaded || !loaded->front()) {
    ADD_FAILURE() << "not kept";
    return {};
  }
  return *loaded->front();
}

Notification claim(ports::NotificationStore& store, const domain::NotificationId& id,
                   domain::TimePoint now) {
  auto outcomes = store.claim_sms({&id, 1}, terms(now));
  if (!outcomes || !std::holds_alternative<ports::Claimed>(outcomes->front())) {
    ADD_FAILURE() << "not claimed";
    return {};
  }
  return std::get<ports::Claimed>(outcomes->front()).notification;
}

Notification record(ports::NotificationStore& store, const domain::Change& change) {
  const auto outcomes = store.record({&change, 1});
  EXPECT_TRUE(outcomes && outcomes->front() == ports::RecordOutcome::applied);
  return load(store, change.id);
}

Notification send(ports::NotificationStore& store, int number, const std::string& message_id) {
  insert(store, {sample(number)});
  const auto claimed = claim(store, id_of(number));
  auto change = move(claimed, State::sms_sent, "carrier_accepted");
  change.sms_submitted = true;
  change.attempt = {.no = claimed.attempts,
                    .submission = taken(message_id),
                    .receipt = {},
                    .late = false,
                    .owned = true};
  return record(store, change);
}

domain::NotificationDetails details(ports::NotificationQuery& query,
                                    const domain::NotificationId& id) {
  auto found = query.details(id);
  if (!found || !*found) {
    ADD_FAILURE() << "not kept";
    return {};
  }
  return **found;
}

}  // namespace postrider::contract
