#include "pipeline/dead_letters.hpp"

namespace postrider::pipeline {

domain::Result<DeadLetterOutcome> DeadLetters::replay(const domain::NotificationId& id,
                                                      const std::string& actor) {
  return act(id, actor, "dead_letter.replay", domain::Replayed{});
}

domain::Result<DeadLetterOutcome> DeadLetters::discard(const domain::NotificationId& id,
                                                       const std::string& actor) {
  return act(id, actor, "dead_letter.discard", domain::Discarded{});
}

domain::Result<DeadLetterOutcome> DeadLetters::act(const domain::NotificationId& id,
                                                   const std::string& actor,
                                                   const std::string& action,
                                                   const domain::Input& input) {
  auto loaded = ports_.store.load({&id, 1});
  if (!loaded) return loaded.error();
  auto& n = loaded->front();
  if (!n) return DeadLetterOutcome{NotFound{}};
  Pending pending{std::move(*n), input};
  if (!settler_.preview(pending)) return DeadLetterOutcome{NotDead{pending.notification.state}};

  // The audit row is written first: an action without its row must not exist, a row without its
  // action may.
  const ports::AuditEntry entry{ports_.clock.now(), actor, action, domain::to_string(id)};
  if (auto written = ports_.audit.append({&entry, 1}); !written) return written.error();
  const auto& email = pending.notification.content.email;
  if (std::holds_alternative<domain::Replayed>(input) && !email.empty())
    if (auto lifted = ports_.customers.unblock_bounced(email); !lifted) return lifted.error();
  std::vector<Pending> batch;
  batch.push_back(std::move(pending));
  const auto settled = settler_.settle(batch);
  if (!settled) return settled.error();
  if (!settled->failed.empty())
    return domain::Error{domain::ErrorKind::unavailable, "the notification can't be written"};
  if (!settled->changes.empty()) return DeadLetterOutcome{*settled->changes.front().to};
  const auto now = ports_.store.load({&id, 1});  // another operator was faster
  if (!now) return now.error();
  if (!now->front()) return DeadLetterOutcome{NotFound{}};
  return DeadLetterOutcome{NotDead{now->front()->state}};
}

}  // namespace postrider::pipeline
