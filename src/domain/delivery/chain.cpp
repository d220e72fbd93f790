#include "domain/delivery/chain.hpp"

#include <algorithm>
#include <limits>

namespace postrider::domain {
namespace {

constexpr Milliseconds shortest_pause{250};
constexpr Milliseconds longest_pause{60'000};
constexpr int part_of_age = 8;

constexpr std::int64_t microseconds(TimePoint time) {
  constexpr std::int64_t max = std::numeric_limits<std::int64_t>::max() / 1000;
  return std::clamp(to_unix_ms(time), -max, max) * 1000;
}

void keep_later(std::optional<TimePoint>& kept, TimePoint time) {
  kept = std::max(kept.value_or(time), time);
}

}  // namespace

Rank rank_of(std::optional<TimePoint> occurred_at, std::int64_t taken, std::int64_t intake,
             const NotificationId& id) {
  return {occurred_at ? std::min(microseconds(*occurred_at), taken) : taken, intake, id};
}

Rank rank_of(const Notification& n) { return rank_of(n.occurred_at, n.intake, n.intake, n.id); }

bool has_chain(const Notification& n) { return !n.explicit_key || !n.parcel.empty(); }

bool is_same_chain(const Notification& a, const Notification& b) {
  return has_chain(a) && has_chain(b) && a.shop == b.shop && a.mode == b.mode &&
         a.order_id == b.order_id && a.parcel == b.parcel;
}

bool was_told(const Notification& n) {
  // Mails of before `mail_submitted` was kept show in the state alone.
  return n.sms_submitted || n.mail_submitted || n.state == State::emailed ||
         n.state == State::bounced;
}

ChainMember member_of(const Notification& n, const Rank& rank) {
  return {rank, n.state, n.due_at, was_told(n), !n.content.email.empty()};
}

void ChainFacts::add(const Rank& own, const ChainMember& other, TimePoint now) {
  busy = busy || other.state == State::sending_sms || other.state == State::sending_email;
  if (other.rank < own) return;
  newer_told = newer_told || other.told;
  const auto due = other.due_at.value_or(now);
  // The waits of an SMS are short. A mail may be put off for a day.
  const bool goes_soon = other.state == State::accepted ||
                         (other.state == State::email_due && other.has_email && due <= now);
  if (goes_soon) keep_later(newer_due, due);
  const bool waits = other.state == State::deferred ||
                     (other.state == State::email_due && other.has_email && due > now);
  if (waits) keep_later(newer_later, due);
}

void ChainFacts::add(const ChainFacts& more) {
  newer_told = newer_told || more.newer_told;
  busy = busy || more.busy;
  if (more.newer_due) keep_later(newer_due, *more.newer_due);
  if (more.newer_later) keep_later(newer_later, *more.newer_later);
}

void ChainFence::learn(const std::optional<ChainMember>& last_now) {
  if (last && (!last_now || last_now->told)) told = std::max(told.value_or(*last), *last);
}

void ChainFence::tell(const Rank& own, ChainFacts& facts) const {
  facts.newer_told = facts.newer_told || (told && *told > own);
}

ChainVerdict judge_claim(const ChainFacts& facts) {
  if (facts.newer_told) return ChainVerdict::superseded;
  return facts.busy || facts.newer_due ? ChainVerdict::held_back : ChainVerdict::may_go;
}

ChainVerdict judge_waking(const ChainFacts& facts) {
  if (facts.newer_told) return ChainVerdict::superseded;
  return facts.newer_due || facts.newer_later ? ChainVerdict::held_back : ChainVerdict::may_go;
}

TimePoint look_again_at(const Notification& n, std::optional<TimePoint> newer, TimePoint now) {
  const auto pause = std::clamp((now - n.created_at) / part_of_age, shortest_pause, longest_pause);
  return std::max(now, newer.value_or(now)) + pause;
}

}  // namespace postrider::domain
