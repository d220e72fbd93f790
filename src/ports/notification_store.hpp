// The store of notifications: insert, claim, record. Every change is compare-and-set on (state,
// version); a call is at least one transaction per element (SQLite: one for the batch).
// Thread-safe. For reads by order, customer or state see notification_query.hpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "domain/delivery/change.hpp"
#include "domain/delivery/claim_rules.hpp"
#include "domain/intake/schedule.hpp"
#include "domain/notification.hpp"
#include "domain/result.hpp"

namespace postrider::ports {

/// The outcome of insert() for one notification; its id is the caller's.
struct Inserted {
  domain::State state;  // `accepted` may have become `deferred` by the throttle
};
struct Duplicate {
  domain::NotificationId id;  // of the first notification, also where it has another spelling's
  domain::State state;        // its present one
};
/// The same explicit key came with other content: nothing was changed.
struct Conflict {};
/// The event was stored before, or may have been, and what is stored can't be read: nothing was
/// changed, and the store has logged why. The same event again is safe.
struct Unreadable {};
using InsertOutcome = std::variant<Inserted, Duplicate, Conflict, Unreadable>;

/// The outcome of claim_sms() or claim_email() for one id.
struct Claimed {
  domain::Notification notification;  // as it is now: sending_*, `attempts` = this attempt's number
};
struct NotClaimable {};  // moved on, or claimed by another worker
/// The notification waits for its time: the caller's clock may be behind, or a queue was early. The
/// caller sees to it that it comes again.
struct NotDue {
  domain::Notification notification;
};
/// The claim rules forbid the channel. The store changed nothing: the caller settles it.
struct RuledOut {
  domain::Notification notification;
  domain::Reason reason;
};
/// Quiet hours. The store changed nothing: the caller settles it.
struct TooEarly {
  domain::Notification notification;
  domain::TimePoint until;
};
/// The customer was told of a later status of the order. The store changed nothing: the caller
/// settles it.
struct Superseded {
  domain::Notification notification;
};
/// Another notification of the order goes first. The store changed nothing: the caller settles it.
struct HeldBack {
  domain::Notification notification;
  domain::TimePoint until;
};
/// An earlier SMS has arrived. The store changed nothing: the caller settles it by the receipt.
struct Arrived {
  domain::Notification notification;
  domain::Arrival arrival;
};
/// The claim could not be written, the others could; the store has logged why. The caller sees to
/// it that it comes again.
struct ClaimFailed {};
using ClaimOutcome = std::variant<NotClaimable, NotDue, Claimed, RuledOut, TooEarly, Superseded,
                                  HeldBack, Arrived, ClaimFailed>;

/// The outcome of a claim of `n` that does not wait in `from`, or not until `now`; nullopt where it
/// does, and the rules decide.
std::optional<ClaimOutcome> not_claimable(const domain::Notification& n, domain::State from,
                                          domain::TimePoint now);
/// The outcome of a claim that the rules do not allow; nullopt where they do.
std::optional<ClaimOutcome> refusal(const domain::ClaimVerdict& verdict,
                                    const domain::Notification& n);

/// `failed`: the change could not be written, the others could; the store has logged why.
enum class RecordOutcome : std::uint8_t { applied, stale, failed };

/// The attempt that a provider's message id belongs to.
struct MatchedAttempt {
  /// What decisions need; a store may leave out its order, customer and texts.
  domain::Notification notification;
  int attempt_no = 0;
  domain::Channel channel = domain::Channel::sms;
  std::optional<domain::ReceiptOutcome> reported;  // by the last receipt that counted
  std::optional<domain::TimePoint> submitted_at;   // where the submission is recorded
};

class NotificationStore {
 public:
  virtual ~NotificationStore() = default;

  /// Stores new notifications, each in its own state with a first history entry, unless its id, or
  /// that of another spelling, is there already. A notification in state `accepted` with normal
  /// priority that the throttle does not let pass becomes `deferred`, due when the throttle has
  /// room, and so does one whose `due_at` lies ahead. Durable when it returns. An Error: some may
  /// be stored, none where a call is one transaction; the same batch again is safe.
  virtual domain::Result<std::vector<InsertOutcome>> insert(
      std::span<const domain::Notification> batch, const domain::Throttle& throttle) = 0;

  /// Moves each due id from accepted to sending_sms, in one transaction: the chain of its order,
  /// opt-out and consent are checked, `estimate` is reserved in the day and month of `now` (UTC),
  /// lease and attempt number are taken. Durable when it returns, so the first byte may go out.
  virtual domain::Result<std::vector<ClaimOutcome>> claim_sms(
      std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) = 0;

  /// Moves each due id from email_due to sending_email likewise; an address that bounced or
  /// complained is ruled out.
  virtual domain::Result<std::vector<ClaimOutcome>> claim_email(
      std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) = 0;

  /// Applies decided changes in order. `stale`: state or version differ, and the state was not
  /// touched (an owned attempt row is written all the same). `failed`: as if it had not come; one
  /// that can't be written at all (too large, damaged) is also put off, so that it stops no other.
  /// An Error: none could be written.
  virtual domain::Result<std::vector<RecordOutcome>> record(
      std::span<const domain::Change> changes) = 0;

  /// The notifications of `ids`, in order; nullopt where no such notification is kept, or it can't
  /// be read. One that can't be read is named in the log, and stops no other here or elsewhere.
  virtual domain::Result<std::vector<std::optional<domain::Notification>>> load(
      std::span<const domain::NotificationId> ids) = 0;

  struct MessageKey {
    std::string carrier;
    std::string message_id;  // canonical form
    friend auto operator<=>(const MessageKey&, const MessageKey&) = default;
  };
  /// The attempts that the provider's message ids belong to; nullopt where the id is unknown (yet).
  virtual domain::Result<std::vector<std::optional<MatchedAttempt>>> match(
      std::span<const MessageKey> keys) = 0;

  /// Deletes ended notifications (never dead letters) created before `horizon`, at most `limit`.
  /// Returns the number deleted.
  virtual domain::Result<int> expire(domain::TimePoint horizon, int limit) = 0;
};

}  // namespace postrider::ports
