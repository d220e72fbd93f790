#include "pipeline/email_fallback.hpp"

#include <algorithm>

namespace postrider::pipeline {
namespace {

using domain::Milliseconds;
using domain::Submission;
using domain::Submitted;

constexpr Milliseconds no_mail_wait{1000};

constexpr Milliseconds longest_breaker_wait{300'000};
// The time of one send. Outcomes are written after each slice, long before a lease ends: a mail is
// sent twice only if the service dies in between, and a stop waits for one slice.
constexpr Milliseconds slice{5'000};

}  // namespace

EmailFallback::EmailFallback(Ports ports, Settler& settler, message::EmailSettings settings,
                             domain::Policy policy, int batch)
    : ports_{ports},
      settler_{settler},
      settings_{std::move(settings)},
      policy_{policy},
      batch_{batch},
      lanes_{ports.live_mailer, ports.test_mailer, "email", longest_breaker_wait, ports.telemetry},
      width_{batch_} {}

domain::Result<Round> EmailFallback::send_due() {
  Round round;
  std::vector<domain::NotificationId> ids;
  domain::Result<std::vector<domain::Notification>> claimed{std::vector<domain::Notification>{}};
  {
    const concurrency::Lock only_one{pull_mutex_};  // no two workers choose the same mails
    const auto now = ports_.clock.now();
    const auto open = lanes_.live.width(now, width_);
    if (open.messages == 0) return Round{0, std::min(open.wait, no_mail_wait)};
    auto due = ports_.query.due(domain::State::email_due, now, open.messages);
    if (!due) return due.error();
    if (due->empty()) return Round{0, no_mail_wait};
    for (const auto& d : *due) ids.push_back(d.id);
    claimed = claim(ids, round);
  }
  return carry(std::move(round), std::move(claimed));
}

domain::Result<Round> EmailFallback::send(std::span<const ports::WorkQueue::Item> items) {
  const auto now = ports_.clock.now();
  if (const auto open = lanes_.live.width(now, width_); open.messages == 0) {
    std::vector<ports::WorkQueue::Item> later;
    for (auto item : items) {
      item.due_at = now + open.wait;
      if (item.stays_in_queue()) later.push_back(item);
    }
    ports_.queue.offer(later);
    return Round{};
  }
  std::vector<domain::NotificationId> ids;
  for (const auto& item : items) ids.push_back(item.id);
  Round round;
  auto claimed = claim(ids, round);
  return carry(std::move(round), std::move(claimed));
}

domain::Result<std::vector<domain::Notification>> EmailFallback::claim(
    std::span<const domain::NotificationId> ids, Round& round) {
  round.handled = static_cast<int>(ids.size());
  auto outcomes = ports_.store.claim_email(ids, {ports_.clock.now(), policy_.email_lease});
  if (!outcomes) return outcomes.error();
  const auto ruled_out = [](domain::Reason why) -> domain::Input { return domain::NoAddress{why}; };
  return settler_.take_claims(ids, std::move(*outcomes), ruled_out, round.failed);
}

domain::Result<Round> EmailFallback::carry(
    Round round, domain::Result<std::vector<domain::Notification>> claimed) {
  if (!claimed) return claimed.error();
  Delivered delivered;
  for (auto* lane : lanes_.all()) deliver_by(*lane, *claimed, delivered);
  block(delivered.dead);
  if (delivered.sent > 0) ports_.telemetry.count(ports::Counter::emails_sent, delivered.sent);
  // Where this fails the lease runs out and the mail is sent again: at least once.
  const auto settled = settler_.settle(delivered.pending);
  if (!settled) return settled.error();
  return round;
}

/// The end of the slice that begins at `at`, or the middle of the first lease of `owners` where
/// that is earlier: the process may have stood still since it claimed them, and a mail that was
/// begun takes half a lease at most.
domain::TimePoint EmailFallback::begin_before(const std::vector<domain::Notification*>& owners,
                                              domain::TimePoint at) const {
  auto until = at + std::min(slice, policy_.email_lease / 4);
  for (const auto* n : owners)
    if (n->due_at) until = std::min(until, *n->due_at - policy_.email_lease / 2);
  return until;
}

/// Sends the mails of `claimed` that belong to `lane`.
void EmailFallback::deliver_by(Lane<ports::Mailer>& lane,
                               std::vector<domain::Notification>& claimed, Delivered& delivered) {
  std::vector<message::Email> batch;
  std::vector<domain::Notification*> owners;
  for (auto& n : claimed) {
    if (&lanes_.of(n) != &lane) continue;
    auto email = message::compose_email(n, settings_);
    email.attempt_no = n.attempts;
    batch.push_back(std::move(email));
    owners.push_back(&n);
  }
  if (batch.empty()) return;
  const auto at = ports_.clock.now();
  const auto until = begin_before(owners, at);
  const auto outcomes = at < until
                            ? lane.provider.send(batch, until)
                            : std::vector<ports::MailOutcome>(batch.size(), ports::MailNotBegun{});
  std::size_t begun = 0;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    delivered.sent += std::holds_alternative<ports::MailAccepted>(outcomes[i]);
    begun += !std::holds_alternative<ports::MailNotBegun>(outcomes[i]);
    const auto* no = std::get_if<ports::MailFailed>(&outcomes[i]);
    if (no != nullptr && no->fault == domain::Fault::no_recipient)
      delivered.dead.push_back({batch[i].to, "bounce", at});
    auto input = input_of(*owners[i], outcomes[i], lane, at);
    delivered.pending.push_back({std::move(*owners[i]), std::move(input)});
  }
  width_ = begun < owners.size() ? static_cast<int>(std::max<std::size_t>(begun, 1))
                                 : std::min(2 * width_, batch_);
}

void EmailFallback::block(const std::vector<ports::BlockedAddress>& dead) {
  // If this fails the next mail to the address bounces as well and blocks it then.
  if (!dead.empty() && !ports_.customers.block(dead))
    ports_.telemetry.log(ports::Level::warning, "store_failed", {{ports::Field::code, "block"}});
}

domain::Input EmailFallback::input_of(const domain::Notification& n,
                                      const ports::MailOutcome& outcome, Lane<ports::Mailer>& lane,
                                      domain::TimePoint at) {
  const auto now = ports_.clock.now();
  if (std::holds_alternative<ports::MailNotBegun>(outcome))
    return domain::ProviderUnavailable{{}, "not_begun"};
  const auto* failed = std::get_if<ports::MailFailed>(&outcome);
  const bool unknown = failed != nullptr && failed->fault == domain::Fault::unknown;
  if (failed != nullptr && !unknown && !domain::effect_of(failed->fault).of_message) {
    if (lane.reaches_people()) ports_.telemetry.count(ports::Counter::mail_unreachable, 1);
    return lane.fail(now, failed->retry_after, failed->code);
  }
  if (!unknown) lane.succeed(now);
  Submission s;
  s.channel = domain::Channel::email;
  s.carrier = lane.provider.name();
  s.at = at;
  if (const auto* took = std::get_if<ports::MailAccepted>(&outcome)) {
    s.outcome = Submitted::accepted;
    s.message_id = took->message_id;
    return domain::MailAccepted{n.attempts, std::move(s)};
  }
  s.error = failed->code;
  s.outcome = Submitted::refused;
  const bool again = unknown || failed->fault == domain::Fault::passing;
  return domain::MailRefused{n.attempts, std::move(s), !again, unknown};
}

}  // namespace postrider::pipeline
