// NotificationStore on SQLite: one transaction per call. Thread-safe.
#pragma once

#include "adapters/sqlite/budget.hpp"
#include "adapters/sqlite/database/database.hpp"
#include "adapters/sqlite/key_memo.hpp"
#include "adapters/sqlite/state_counts.hpp"
#include "adapters/sqlite/throttle_cache.hpp"
#include "adapters/sqlite/upkeep/set_aside.hpp"
#include "adapters/sqlite/velocity_count.hpp"
#include "ports/notification_store.hpp"

namespace postrider::adapters::sqlite {

inline const domain::NotificationId& id_in(const domain::NotificationId& id) { return id; }
inline const domain::NotificationId& id_in(const domain::Change& change) { return change.id; }

class SqliteNotificationStore final : public ports::NotificationStore {
 public:
  /// `database` and `telemetry` outlive the store. `telemetry` hears of rows that were set aside.
  explicit SqliteNotificationStore(Database& database, ports::Telemetry* telemetry = nullptr)
      : database_{database}, set_aside_{database, telemetry} {}

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
  struct TransactionTotals {  // sums of one transaction, written before its commit
    explicit TransactionTotals(Writer& of) : writer{of}, budget{of}, velocity{of} {}
    Writer& writer;
    StateCounts counts;
    Budget budget;
    VelocityCount velocity;
    std::string line;  // a history line
    std::vector<domain::NotificationId> unreadable;
  };

  /// Where a round of expiry stopped.
  struct ExpiryPosition {
    domain::TimePoint created_at{};
    std::int64_t seq = 0;
  };

  /// The time of intake of the newest row, in microseconds.
  struct IntakeTime {
    std::optional<std::int64_t> last;  // none: not read yet
  };

  std::int64_t intake_after_last(Writer& writer, const domain::Notification& n);
  domain::Result<std::vector<ports::InsertOutcome>> insert_all(
      std::span<const domain::Notification> batch, const domain::Throttle& throttle);
  ports::InsertOutcome insert_one(TransactionTotals& totals, const domain::Notification& n,
                                  const domain::Throttle& throttle);
  template <class ClaimOne>
  domain::Result<std::vector<ports::ClaimOutcome>> claim(
      std::span<const domain::NotificationId> ids, ClaimOne claim_one);
  template <class ClaimOne>
  domain::Result<std::vector<ports::ClaimOutcome>> claim_all(
      std::span<const domain::NotificationId> ids, ClaimOne claim_one);
  /// The outcome of a claim whose row is not found, though it is due, or can't be read.
  static ports::ClaimOutcome unknown_to(TransactionTotals& totals,
                                        const domain::NotificationId& id);
  domain::Result<std::vector<ports::RecordOutcome>> record_all(
      std::span<const domain::Change> changes);
  ports::RecordOutcome record_one(TransactionTotals& totals, const domain::Change& change);
  bool move(TransactionTotals& totals, std::int64_t seq, const domain::Change& change);
  static bool put_off(TransactionTotals& totals, std::int64_t seq, const domain::Change& change);
  static bool charge(TransactionTotals& totals, std::int64_t seq, const domain::Change& change);

  template <class Outcome, class Element, class Work>
  domain::Result<std::vector<Outcome>> each_alone(std::span<const Element> batch, Outcome failed,
                                                  const Work& work);
  domain::Result<std::vector<std::optional<domain::Notification>>> load_all(
      std::span<const domain::NotificationId> ids, std::vector<domain::NotificationId>& bad);

  Database& database_;
  SetAside set_aside_;
  WriterOwned<ThrottleCache> throttle_cache_;
  WriterOwned<KeyMemo> keys_;
  WriterOwned<ExpiryPosition> expired_up_to_;
  WriterOwned<IntakeTime> last_intake_;
};

/// The outcomes of `work` over a batch, in one transaction. Where a row can't be read or written
/// (damaged, or against a constraint), the work is done for each element by itself, and the
/// elements of bad rows are set aside with the outcome `failed`. Where all of several fail, what is
/// bad may be common to them: then nothing is put off in the store. An Error: the disk failed.
template <class Outcome, class Element, class Work>
domain::Result<std::vector<Outcome>> SqliteNotificationStore::each_alone(
    std::span<const Element> batch, Outcome failed, const Work& work) {
  const auto is_of_a_row = [](const domain::Error& error) {
    return error.kind == domain::ErrorKind::corrupt || error.kind == domain::ErrorKind::invalid;
  };
  auto all = work(batch);
  if (all || !is_of_a_row(all.error())) return all;
  std::vector<Outcome> outcomes;
  std::vector<std::pair<domain::NotificationId, domain::Error>> bad;
  for (const auto& element : batch) {
    auto one = work(std::span{&element, 1});
    if (!one && !is_of_a_row(one.error())) return one;
    if (!one) bad.emplace_back(id_in(element), one.error());
    outcomes.push_back(one ? std::move(one->front()) : failed);
  }
  const bool one_by_one = batch.size() == 1 || bad.size() < batch.size();
  for (const auto& [id, error] : bad) set_aside_.failed(id, error, one_by_one);
  return outcomes;
}

}  // namespace postrider::adapters::sqlite
