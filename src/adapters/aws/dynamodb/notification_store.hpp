// NotificationStore on DynamoDB: one conditional write or transaction per notification; those of a
// batch go out together. Thread-safe. Claims and records have files of their own.
// docs/decisions/0002 has the requests of each method and their cost.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/aws/dynamodb/budget.hpp"
#include "adapters/aws/dynamodb/chain/fence_start.hpp"
#include "adapters/aws/dynamodb/cost_sums.hpp"
#include "adapters/aws/dynamodb/throttle_window.hpp"
#include "adapters/aws/dynamodb/upkeep/set_aside.hpp"
#include "adapters/aws/dynamodb/velocity.hpp"
#include "ports/notification_store.hpp"
#include "ports/telemetry.hpp"

namespace postrider::adapters::aws::dynamodb {

class DynamoDbNotificationStore final : public ports::NotificationStore {
 public:
  /// `database` and `telemetry` outlive it. `telemetry` hears of items that were set aside,
  /// and of failures that cost no message anything.
  DynamoDbNotificationStore(Database& database, ports::Telemetry& telemetry)
      : database_{database},
        telemetry_{telemetry},
        budget_{database},
        velocity_{database},
        sums_{database},
        set_aside_{database, telemetry},
        fence_start_{database} {}

  /// An Error: some of the batch may be stored; the same call again is safe.
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
  /// Returns 0: DynamoDB deletes by itself, by the time to live that the end of a notification
  /// sets.
  domain::Result<int> expire(domain::TimePoint horizon, int limit) override;

 private:
  struct Claim;
  struct ClaimBatch;
  struct Recording;  // of a record

  Key log_of(const domain::NotificationId& id) const;
  domain::Result<std::vector<std::optional<Item>>> items(
      std::span<const domain::NotificationId> ids);
  struct Planned {
    Write write;
    std::string token;
    domain::State state;
    Json actions = Json::array();  // of its transaction; empty: it needs none
  };
  bool insert_together(std::vector<Planned>& planned);
  Planned plan(domain::Notification n, ThrottleWindow window, const domain::Throttle& throttle);
  domain::Result<std::map<std::size_t, ports::InsertOutcome>> insert_wave(
      std::span<const domain::Notification> batch, std::vector<std::size_t> wave,
      const domain::Throttle& throttle);
  domain::Result<std::map<std::size_t, ThrottleWindow>> look_up(
      std::span<const domain::Notification> batch, const std::vector<std::size_t>& wave,
      std::map<std::size_t, ports::InsertOutcome>& outcomes);

  domain::Result<ClaimBatch> due_claims(std::span<const domain::NotificationId> ids,
                                        domain::State state, domain::TimePoint now);
  domain::Result<domain::Done> look_up(ClaimBatch& batch, bool by_sms);
  domain::Result<domain::Done> look_up_chains(ClaimBatch& batch, domain::TimePoint now);
  domain::Result<Reservation> reserve(ClaimBatch& batch, const domain::ClaimTerms& terms);
  domain::Result<domain::Done> count_velocity(ClaimBatch& batch, const domain::ClaimTerms& terms);
  domain::Result<domain::Done> drop_failed(ClaimBatch& batch);
  void close(const Reservation& reservation, domain::Money unused);
  Write claim_write(Claim& claim, const domain::ClaimTerms& terms, const std::string& reservation);
  domain::Result<std::vector<ports::ClaimOutcome>> claim(ClaimBatch& batch,
                                                         const domain::ClaimTerms& terms);

  std::map<domain::NotificationId, WriteOutcome> point_to(std::span<const domain::Change> changes);
  void fail(Recording& r, const WriteOutcome& outcome);
  void note_failure(std::string_view code, const domain::Result<domain::Done>& done);
  Write change_write(const Recording& r);
  domain::Result<domain::Done> record_wave(std::vector<Recording>& wave);
  void write_owned(std::vector<Recording>& wave);
  domain::Result<domain::Done> update_throttle_slot(const domain::Change& change, const Item& item);

  Database& database_;
  ports::Telemetry& telemetry_;
  Budget budget_;
  Velocity velocity_;
  CostSums sums_;
  SetAside set_aside_;
  FenceStart fence_start_;
};

}  // namespace postrider::adapters::aws::dynamodb
