// What a stage asks the store to write: decided purely (decide.hpp), applied by compare-and-set.
#pragma once

#include <optional>
#include <string>

#include "domain/notification.hpp"

namespace postrider::domain {

enum class MoneyEffect : std::uint8_t {
  keep,     // reserved stays reserved
  release,  // definite refusal: the reservation is given back
  spend,    // accepted, or another price is told: `Change::spent` in place of what was kept
};

/// Part of an attempt row to write. The two halves have different owners and never overwrite each
/// other.
struct AttemptUpdate {
  int no = 0;
  std::optional<Submission> submission;
  std::optional<Receipt> receipt;
  bool late = false;  // the receipt came after the end: counted, changes nothing else
  /// True: written even if the compare-and-set fails (the worker that owns the attempt always
  /// completes its row, so that a late answer still lets receipts match).
  bool owned = false;
};

/// A move from (`before.state`, `before.version`). Absolute values, because the compare protects
/// them.
struct Change {
  NotificationId id;
  std::int64_t version = 0;  // as loaded; the write makes it version + 1
  State from = State::accepted;
  std::optional<State> to;  // none: it stays where it is (attempt row and money alone)
  TimePoint at{};
  std::string cause;
  std::optional<TimePoint> due_at;
  std::string reason;  // code of a Reason (reason.hpp)
  int attempts = 0;
  int sms_tries = 0;
  int email_tries = 0;
  bool sms_submitted = false;
  Proof proof = Proof::none;
  MoneyEffect money = MoneyEffect::keep;
  Money reserved;      // as loaded: what `release` gives back or `spend` converts
  Money charged;       // as loaded: what was taken as spent before
  int budget_day = 0;  // as loaded
  // Of the notification, and never changed: a store that keeps them in its keys needs no look.
  Priority priority = Priority::normal;
  TimePoint created_at{};
  Money spent;  // with `spend`
  std::optional<AttemptUpdate> attempt;

  /// Compared and written with a new version. Otherwise there is only an attempt row.
  bool changes_notification() const { return to.has_value() || money != MoneyEffect::keep; }
};

}  // namespace postrider::domain
