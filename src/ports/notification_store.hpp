// Writes of notifications: insert, claim, record. Every change is compare-and-set on (state,
// version) and one call is one transaction per element at least (SQLite: one for the whole batch).
// Thread-safe. For reads by order, customer or state see notification_query.hpp.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "domain/change.hpp"
#include "domain/notification.hpp"
#include "domain/policy.hpp"
#include "domain/result.hpp"

namespace postrider::ports {

/// What insert() did with one notification. `id` is the caller's.
struct Inserted {
  domain::State state;  // `accepted` may have become `deferred` by the throttle
};
struct Duplicate {
  domain::State state;  // of the first one, now
};
struct Conflict {};  // same explicit key, other content: nothing was changed
using InsertOutcome = std::variant<Inserted, Duplicate, Conflict>;

/// At most `limit` notifications of one customer pass in any `window`; 0 = no limit.
struct Throttle {
  int limit = 0;
  domain::Milliseconds window = std::chrono::hours{1};
};

/// At most so many SMS in an hour; 0: no limit. A prefix is a number without its last three digits:
/// fraud comes in blocks of numbers.
struct Velocity {
  int per_number = 0;
  int per_prefix = 0;
  int per_country = 0;
  bool any() const { return per_number > 0 || per_prefix > 0 || per_country > 0; }
};

/// "+4915112345678" → "+4915112345".
inline std::string velocity_prefix(const std::string& phone) {
  constexpr std::size_t cut = 3;
  return phone.substr(0, phone.size() - std::min(phone.size(), cut));
}

struct ClaimTerms {
  domain::TimePoint now;
  domain::Milliseconds lease;  // `due_at` becomes now + lease
  domain::Limits limits = {};  // SMS: spent + reserved + estimate must stay at or below them
  Velocity velocity = {};      // SMS
};

/// What claim_sms()/claim_email() did with one id.
struct Claimed {
  domain::Notification notification;  // as it is now: sending_*, `attempts` = this attempt's number
};
struct NotClaimable {};  // moved on, not due yet, or claimed by another worker
struct RuledOut {        // untouched: the caller decides what follows
  domain::Notification notification;
  // "opted_out", "sms_not_wanted", "too_late", "no_money", "no_money_today", "too_many_to_number",
  // "too_many_to_prefix", "too_many_to_country"; e-mail: "no_email", "address_blocked",
  // "email_not_wanted"
  std::string reason;
};
struct TooEarly {  // quiet hours; untouched likewise
  domain::Notification notification;
  domain::TimePoint until;
};
using ClaimOutcome = std::variant<Claimed, NotClaimable, RuledOut, TooEarly>;

enum class RecordOutcome : std::uint8_t { applied, stale };

/// The attempt that a provider's message id belongs to.
struct MatchedAttempt {
  domain::Notification notification;
  int attempt_no = 0;
  domain::Channel channel = domain::Channel::sms;
  std::optional<domain::ReceiptOutcome> told;  // by the last receipt that counted
};

class NotificationStore {
 public:
  virtual ~NotificationStore() = default;

  /// Stores new notifications, each in its own state (with a first history line) unless its id is
  /// there already. One in state `accepted` with normal priority that the throttle does not let
  /// pass becomes `deferred`, due when it will, and so does one whose `due_at` lies ahead. Durable
  /// when it returns. An Error: nothing stored.
  virtual domain::Result<std::vector<InsertOutcome>> insert(
      std::span<const domain::Notification> batch, const Throttle& throttle) = 0;

  /// accepted → sending_sms for each id that is due: opt-out and consent checked, `estimate`
  /// reserved in the day and month of `now` (UTC), lease and attempt number taken, all in one
  /// transaction. Durable when it returns, so the first byte may go out.
  virtual domain::Result<std::vector<ClaimOutcome>> claim_sms(
      std::span<const domain::NotificationId> ids, const ClaimTerms& terms) = 0;

  /// email_due → sending_email, likewise; an address that bounced or complained is ruled out.
  virtual domain::Result<std::vector<ClaimOutcome>> claim_email(
      std::span<const domain::NotificationId> ids, const ClaimTerms& terms) = 0;

  /// Applies decided changes in order. `stale`: state or version differ, the state was not touched
  /// (an owned attempt row is written all the same).
  virtual domain::Result<std::vector<RecordOutcome>> record(
      std::span<const domain::Change> changes) = 0;

  /// nullopt where no such notification is kept.
  virtual domain::Result<std::vector<std::optional<domain::Notification>>> load(
      std::span<const domain::NotificationId> ids) = 0;

  struct MessageKey {
    std::string carrier;
    std::string message_id;  // canonical form
    friend auto operator<=>(const MessageKey&, const MessageKey&) = default;
  };
  /// Which attempts the provider's message ids belong to; nullopt where unknown (yet).
  virtual domain::Result<std::vector<std::optional<MatchedAttempt>>> match(
      std::span<const MessageKey> keys) = 0;

  /// Deletes ended notifications (never dead letters) created before `horizon`, at most `most`.
  virtual domain::Result<int> expire(domain::TimePoint horizon, int most) = 0;
};

}  // namespace postrider::ports
