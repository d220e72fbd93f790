// NotificationStore on DynamoDB: one conditional write or transaction per notification, a batch's
// go out together. docs/decisions/0002 has the requests of each method and what they cost. Claims
// and records have files of their own. Thread-safe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/aws/dynamodb/budget.hpp"
#include "adapters/aws/dynamodb/cost_sums.hpp"
#include "adapters/aws/dynamodb/throttle_window.hpp"
#include "adapters/aws/dynamodb/velocity.hpp"
#include "ports/notification_store.hpp"

namespace postrider::adapters::aws::dynamodb {

class DynamoDbNotificationStore final : public ports::NotificationStore {
 public:
  /// `database` outlives it.
  explicit DynamoDbNotificationStore(Database& database)
      : database_{database}, budget_{database}, velocity_{database}, sums_{database} {}

  /// An Error: some of the batch may be stored; the same call again is safe.
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
  /// 0: DynamoDB forgets by itself, by the time to live that the end of a notification sets.
  domain::Result<int> expire(domain::TimePoint horizon, int most) override;

 private:
  struct Candidate;  // of a claim
  struct Recording;  // of a record
  /// Of the money that was reserved for a batch of claims.
  struct BatchMoney {
    std::string reservation = {};  // its id
    domain::Money unused = {};
    bool in_doubt = false;  // how one of the claims ended is not known
  };
  using Claims = std::vector<ports::ClaimOutcome>;

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
  Planned plan(domain::Notification n, ThrottleWindow window, const ports::Throttle& throttle);
  domain::Result<std::map<std::size_t, ports::InsertOutcome>> insert_wave(
      std::span<const domain::Notification> batch, const std::vector<std::size_t>& wave,
      const ports::Throttle& throttle);

  domain::Result<std::vector<Candidate>> candidates(std::span<const domain::NotificationId> ids,
                                                    domain::State state, domain::TimePoint now);
  domain::Result<domain::Done> look_up(std::vector<Candidate>& candidates, bool by_sms);
  Write claim_write(domain::Notification& n, domain::State to, const ports::ClaimTerms& terms,
                    const std::string& token, const std::string& reservation);
  domain::Result<Claims> claim(std::vector<Candidate> candidates, Claims outcomes, domain::State to,
                               const ports::ClaimTerms& terms, BatchMoney& money);

  domain::Result<domain::Done> point_to(std::span<const domain::Change> changes);
  Write change_write(const Recording& r);
  domain::Result<domain::Done> record_wave(std::vector<Recording>& wave);
  domain::Result<domain::Done> write_owned(std::vector<Recording>& wave);
  domain::Result<domain::Done> change_turns(const std::vector<Recording>& wave);
  domain::Result<domain::Done> change_turn(const domain::Change& change, const Item& item);

  Database& database_;
  Budget budget_;
  Velocity velocity_;
  CostSums sums_;
};

}  // namespace postrider::adapters::aws::dynamodb
