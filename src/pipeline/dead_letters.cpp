#include "pipeline/dead_letters.hpp"

#include "domain/decide.hpp"

namespace postrider::pipeline {

DeadLetters::DeadLetters(Ports ports, domain::Policy policy) : ports_{ports}, policy_{policy} {}

domain::Result<DeadLetterOutcome> DeadLetters::replay(const domain::NotificationId& id,
                                                      const std::string& actor) {
  return act(id, actor, true);
}

domain::Result<DeadLetterOutcome> DeadLetters::discard(const domain::NotificationId& id,
                                                       const std::string& actor) {
  return act(id, actor, false);
}

domain::Result<DeadLetterOutcome> DeadLetters::act(const domain::NotificationId& id,
                                                   const std::string& actor, bool replay) {
  auto loaded = ports_.store.load({&id, 1});
  if (!loaded) return loaded.error();
  const auto& n = loaded->front();
  if (!n) return DeadLetterOutcome{NotFound{}};
  const auto now = ports_.clock.now();
  const auto input =
      replay ? domain::Input{domain::Replayed{}} : domain::Input{domain::Discarded{}};
  const auto change = domain::decide(*n, input, policy_, now);
  if (!change) return DeadLetterOutcome{NotDead{n->state}};

  // The audit row comes first: an act without its row must not exist, a row without its act may.
  const ports::AuditEntry entry{now, actor, replay ? "dead_letter.replay" : "dead_letter.discard",
                                domain::to_string(id)};
  if (auto written = ports_.audit.append({&entry, 1}); !written) return written.error();
  if (replay && !n->content.email.empty())
    if (auto lifted = ports_.customers.unblock_bounced(n->content.email); !lifted)
      return lifted.error();
  auto outcome = ports_.store.record({&*change, 1});
  if (!outcome) return outcome.error();
  if (outcome->front() == ports::RecordOutcome::stale) {
    auto again = ports_.store.load({&id, 1});
    if (!again) return again.error();
    if (!again->front()) return DeadLetterOutcome{NotFound{}};
    return DeadLetterOutcome{NotDead{again->front()->state}};
  }
  if (change->due_at) {
    const ports::WorkQueue::Item item{.id = id,
                                      .channel = change->to == domain::State::accepted
                                                     ? domain::Channel::sms
                                                     : domain::Channel::email,
                                      .priority = n->priority,
                                      .due_at = *change->due_at,
                                      .segments = n->content.segments};
    ports_.queue.offer({&item, 1});
  }
  return DeadLetterOutcome{*change->to};
}

}  // namespace postrider::pipeline
