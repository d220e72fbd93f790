// The chain of a notification: the notifications of the same order, or of the same parcel of it, in
// the order of their ranks. Pure. Its rules keep a customer from hearing of an order backwards: a
// store gathers the facts, the rules of a claim ask for the verdict.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "domain/notification.hpp"

namespace postrider::domain {

/// The place of a notification in its chain: by the time of the event, which never counts as later
/// than the intake (a shop's clock may be ahead), then by intake. One total order.
struct Rank {
  std::int64_t at = 0;      // microseconds of Unix time
  std::int64_t intake = 0;  // grows with every notification that a store takes
  NotificationId id;

  friend auto operator<=>(const Rank&, const Rank&) = default;
};

/// The rank from the time of the event (none: the time of intake), the time of intake in
/// microseconds, and the store's number of the intake.
Rank rank_of(std::optional<TimePoint> occurred_at, std::int64_t taken, std::int64_t intake,
             const NotificationId& id);
/// The rank where the time of intake is its number, too.
Rank rank_of(const Notification& n);

/// False where `n` is a chain by itself: a dedupe_key of the shop's own, and no parcel.
bool has_chain(const Notification& n);
/// True where both have a chain, and the same.
bool is_same_chain(const Notification& a, const Notification& b);

/// True where a carrier or mail server took a message of `n`, or may have taken one, whatever
/// followed.
bool was_told(const Notification& n);

/// Another notification of a chain, as its rules need it.
struct ChainMember {
  Rank rank;
  State state = State::accepted;
  std::optional<TimePoint> due_at;
  bool told = false;
  bool has_email = false;
};
ChainMember member_of(const Notification& n, const Rank& rank);

/// The facts about the others of a notification's chain. Without facts the chain allows a claim.
struct ChainFacts {
  bool newer_told = false;                    // the customer was told of a later status
  bool busy = false;                          // a worker has another one; its message may be out
  std::optional<TimePoint> newer_due = {};    // a newer one that can reach somebody goes then
  std::optional<TimePoint> newer_later = {};  // a newer one waits for this later time

  /// Adds what `other` means for the notification of rank `own`.
  void add(const Rank& own, const ChainMember& other, TimePoint now);
  /// Adds facts about the same notification from another source.
  void add(const ChainFacts& more);
};

/// The fence of a chain, for a store that cannot look at a whole chain in one transaction: up to
/// which rank the customer was told, and which notification a worker took last. Each claim moves
/// the fence, and only if nobody has moved it since it was read; the end of a message does not
/// touch it, because the next claim looks at the notification that was taken last.
struct ChainFence {
  std::optional<Rank> told, last;

  /// Adds the fate of the notification that was taken last, as it is now. nullopt: it is no longer
  /// kept, or can't be read, and may have been told.
  void learn(const std::optional<ChainMember>& last_now);
  /// Adds what the fence says to the facts about the notification of rank `own`.
  void tell(const Rank& own, ChainFacts& facts) const;
};

/// The verdict of the chain.
enum class ChainVerdict : std::uint8_t { may_go, superseded, held_back };

/// The verdict on a claim: superseded after a newer one was told; held back while another one is
/// with a worker, or a newer one is due.
ChainVerdict judge_claim(const ChainFacts& facts);
/// The verdict on waking a deferred one: it also waits for a newer one that is deferred, so that
/// two that waited end in one message.
ChainVerdict judge_waking(const ChainFacts& facts);

/// The time at which one that is held back is looked at again, after the newer one goes: soon for a
/// young one, seldom for one that waits in a long backlog. `newer`: newer_due of a claim, and of a
/// waking the later of newer_due and newer_later.
TimePoint look_again_at(const Notification& n, std::optional<TimePoint> newer, TimePoint now);

}  // namespace postrider::domain
