// NotificationStore over MemoryWorld, for tests. Thread-safe.
#pragma once

#include "doubles/memory_world.hpp"
#include "ports/notification_store.hpp"

namespace postrider::doubles {

class MemoryNotificationStore final : public ports::NotificationStore {
 public:
  explicit MemoryNotificationStore(MemoryWorld& world) : world_{world} {}

  domain::Result<std::vector<ports::InsertOutcome>> insert(
      std::span<const domain::Notification> batch, const domain::Throttle& throttle) override;
  domain::Result<std::vector<ports::ClaimOutcome>> claim_sms(
      std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) override;
  domain::Result<std::vector<ports::ClaimOutcome>> claim_email(
      std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) override;
  domain::Result<std::vector<ports::RecordOutcome>> record(
      std::span<const domain::Change> changes) override;
  domain::Result<std::vector<std::optional<domain::Notification>>> load(
      std::span<const domain::NotificationId> ids) override;
  domain::Result<std::vector<std::optional<ports::MatchedAttempt>>> match(
      std::span<const MessageKey> keys) override;
  domain::Result<int> expire(domain::TimePoint horizon, int limit) override;

 private:
  ports::InsertOutcome insert_one(domain::Notification n, const domain::Throttle& throttle)
      REQUIRES(world_.mutex);
  std::vector<domain::TimePoint> released_times(const domain::Notification& n,
                                                domain::Milliseconds window) const
      REQUIRES(world_.mutex);
  bool wants(const domain::Notification& n, std::optional<bool> domain::Customer::*consent) const
      REQUIRES(world_.mutex);
  std::vector<domain::VelocityRule> counted_rules(const domain::Notification& n,
                                                  const domain::ClaimTerms& terms) const
      REQUIRES(world_.mutex);
  ports::ClaimOutcome claim_one_sms(const domain::NotificationId& id,
                                    const domain::ClaimTerms& terms) REQUIRES(world_.mutex);
  ports::ClaimOutcome claim_one_email(const domain::NotificationId& id,
                                      const domain::ClaimTerms& terms) REQUIRES(world_.mutex);
  static void take(MemoryWorld::Row& row, const domain::ClaimTerms& terms);
  ports::RecordOutcome record_one(const domain::Change& change) REQUIRES(world_.mutex);
  void move(MemoryWorld::Row& row, const domain::Change& change);
  void apply(const domain::BudgetEffect& effect) REQUIRES(world_.mutex);

  MemoryWorld& world_;
};

}  // namespace postrider::doubles
