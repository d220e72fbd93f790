// NotificationStore over MemoryWorld, for tests. Thread-safe.
#pragma once

#include "adapters/memory/memory_world.hpp"
#include "ports/notification_store.hpp"

namespace postrider::adapters::memory {

class MemoryNotificationStore final : public ports::NotificationStore {
 public:
  explicit MemoryNotificationStore(MemoryWorld& world) : world_{world} {}

  domain::Result<std::vector<ports::InsertOutcome>> insert(
      std::span<const domain::Notification> batch, const ports::Throttle& throttle) override;
  domain::Result<std::vector<ports::ClaimOutcome>> claim_sms(
      std::span<const domain::NotificationId> ids, const ports::ClaimTerms& terms) override;
  domain::Result<std::vector<ports::ClaimOutcome>> claim_email(
      std::span<const domain::NotificationId> ids, const ports::ClaimTerms& terms) override;
  domain::Result<std::vector<ports::RecordOutcome>> record(
      std::span<const domain::Change> changes) override;
  domain::Result<std::vector<std::optional<domain::Notification>>> load(
      std::span<const domain::NotificationId> ids) override;
  domain::Result<std::vector<std::optional<ports::MatchedAttempt>>> match(
      std::span<const MessageKey> keys) override;
  domain::Result<int> expire(domain::TimePoint horizon, int most) override;

 private:
  ports::InsertOutcome insert_one(domain::Notification n, const ports::Throttle& throttle);
  std::vector<domain::TimePoint> released_times(const domain::Notification& n,
                                                domain::Milliseconds window) const;
  std::string too_many(const domain::Notification& n, const ports::ClaimTerms& terms) const;
  ports::ClaimOutcome claim_one(const domain::NotificationId& id, const ports::ClaimTerms& terms,
                                domain::State from);
  ports::RecordOutcome record_one(const domain::Change& change);
  void move(MemoryWorld::Row& row, const domain::Change& change);
  void settle_money(domain::Notification& n, const domain::Change& change);

  MemoryWorld& world_;
};

}  // namespace postrider::adapters::memory
