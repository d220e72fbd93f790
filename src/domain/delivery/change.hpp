// A change of a notification that a stage asks the store to write: decided purely (decide.hpp),
// applied by compare-and-set. Plain values.
#pragma once

#include <optional>
#include <string>

#include "domain/notification.hpp"

namespace postrider::domain {

/// The effect of a change on the notification's reservation.
enum class MoneyEffect : std::uint8_t {
  keep,     // reserved stays reserved
  release,  // definite refusal: the reservation is given back
  spend,    // accepted, or a receipt names another price: `Change::spent` replaces both amounts
};

/// The part of an attempt row to write: the sender's submission or the provider's receipt. The two
/// have different owners and never overwrite each other.
struct AttemptUpdate {
  int no = 0;
  std::optional<Submission> submission;
  std::optional<Receipt> receipt;
  bool late = false;  // the receipt came after the notification's end: only counted
  /// True: the row is written even if the compare-and-set fails. The worker that owns the attempt
  /// always completes its row, so that receipts match even after a late answer. A receipt that ends
  /// a claim writes both halves and owns neither: the worker's answer may come at the same time.
  bool owned = false;
};

/// The move of a notification from (`from`, `version`) to `to`. The values are absolute and no
/// differences: the compare-and-set protects them.
struct Change {
  NotificationId id;
  std::int64_t version = 0;  // as loaded; the write makes it version + 1
  State from = State::accepted;
  std::optional<State> to;  // none: the state stays, only attempt row, money or due time change
  TimePoint at{};
  std::string cause;
  std::optional<TimePoint> due_at;
  bool puts_off = false;  // without `to`: only `due_at` moves, and the history has no entry of it
  std::string reason;     // code of a Reason (reason.hpp)
  int attempts = 0;
  int sms_tries = 0;
  int email_tries = 0;
  Milliseconds mail_waited{};
  bool sms_submitted = false;
  bool mail_submitted = false;
  Proof proof = Proof::none;
  MoneyEffect money = MoneyEffect::keep;
  Money reserved;      // as loaded: the amount that `release` gives back or `spend` converts
  Money charged;       // as loaded: the amount charged as spent before
  int budget_day = 0;  // as loaded
  // The notification's own and never changed: a store whose keys hold them need not read the row.
  Priority priority = Priority::normal;
  TimePoint created_at{};
  Money spent;  // with `spend`
  std::optional<AttemptUpdate> attempt;

  /// True where the notification's row is compared and written with a new version; otherwise only
  /// an attempt row is written.
  bool changes_notification() const {
    return to.has_value() || puts_off || money != MoneyEffect::keep;
  }
};

}  // namespace postrider::domain
