// The table of moves against a second one, written by hand from the description of the states.
#include "domain/delivery/lifecycle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sample.hpp"

namespace postrider::domain {
namespace {

using enum State;
using Moves = std::map<std::pair<State, Trigger>, State>;

Moves described() {
  using enum Trigger;
  return {// Stored, to be sent by SMS.
          {{accepted, sms_claimed}, sending_sms},
          {{accepted, postponed}, deferred},
          {{accepted, sms_ruled_out}, email_due},
          {{accepted, newer_told}, superseded},
          // A try that was refused has arrived all the same.
          {{accepted, receipt_delivered}, delivered},
          {{deferred, receipt_delivered}, delivered},
          // Waits for a time.
          {{deferred, woken}, accepted},
          {{deferred, newer_told}, superseded},
          {{deferred, sms_ruled_out}, email_due},
          // Intent durable, lease running.
          {{sending_sms, carrier_accepted}, sms_sent},
          {{sending_sms, refused_try_again}, accepted},
          {{sending_sms, refused_for_good}, email_due},
          {{sending_sms, outcome_unknown}, unknown},
          // Its receipt overtakes the record of the send.
          {{sending_sms, receipt_delivered}, delivered},
          {{sending_sms, receipt_failed}, email_due},
          // May have gone out: no SMS any more.
          {{unknown, carrier_accepted}, sms_sent},
          {{unknown, receipt_delivered}, delivered},
          {{unknown, receipt_failed}, email_due},
          {{unknown, receipt_overdue}, email_due},
          // The carrier has it: no SMS any more.
          {{sms_sent, receipt_delivered}, delivered},
          {{sms_sent, receipt_failed}, email_due},
          {{sms_sent, receipt_overdue}, email_due},
          // By e-mail.
          {{email_due, receipt_delivered}, delivered},
          {{email_due, email_claimed}, sending_email},
          {{email_due, no_address}, dead},
          {{email_due, newer_told}, superseded},
          {{email_due, mail_accepted}, emailed},  // reported after its lease had run out
          {{sending_email, mail_accepted}, emailed},
          {{sending_email, mail_try_again}, email_due},
          {{sending_email, mail_failed}, dead},
          // After the end.
          {{emailed, mail_bounced}, bounced},
          {{bounced, replayed_by_sms}, accepted},
          {{bounced, replayed_by_email}, email_due},
          {{bounced, discarded_by_operator}, discarded},
          {{dead, replayed_by_sms}, accepted},
          {{dead, replayed_by_email}, email_due},
          {{dead, discarded_by_operator}, discarded}};
}

TEST(Lifecycle, EachStateAndTriggerLeadsWhereItIsDescribed) {
  const auto expected = described();
  for (const auto state : sample::all_states())
    for (const auto trigger : sample::all_triggers()) {
      SCOPED_TRACE(testing::Message() << name(state) << " on " << name(trigger));
      const auto found = expected.find({state, trigger});
      const auto next = next_state(state, trigger);
      EXPECT_EQ(next ? name(*next) : "nowhere",
                found == expected.end() ? "nowhere" : name(found->second));
    }
}

TEST(Lifecycle, ListsEachMoveOnce) {
  std::set<std::pair<State, Trigger>> seen;
  for (const auto& move : moves())
    EXPECT_TRUE(seen.emplace(move.from, move.trigger).second)
        << name(move.from) << name(move.trigger);
  EXPECT_EQ(seen.size(), described().size());
}

TEST(Lifecycle, OnlyABounceOrAnOperatorMovesAnEnd) {
  const std::set<Trigger> by_hand{Trigger::replayed_by_sms, Trigger::replayed_by_email,
                                  Trigger::discarded_by_operator};
  for (const auto& move : moves()) {
    if (!is_end(move.from)) continue;
    const bool bounce = move.from == emailed && move.to == bounced;
    const bool operators =
        (move.from == dead || move.from == bounced) && by_hand.contains(move.trigger);
    EXPECT_TRUE(bounce || operators) << name(move.from) << " on " << name(move.trigger);
  }
}

TEST(Lifecycle, EveryStateThatIsNoEndCanReachOne) {
  for (const auto start : sample::all_states()) {
    std::set<State> reached{start};
    for (std::size_t before = 0; before != reached.size();) {
      before = reached.size();
      for (const auto& move : moves())
        if (reached.contains(move.from)) reached.insert(move.to);
    }
    EXPECT_TRUE(std::any_of(reached.begin(), reached.end(), is_end)) << name(start);
  }
}

TEST(Lifecycle, NoMoveLeadsBackToSmsFromWhereOneMayHaveGoneOut) {
  // Without the operator, who is held back by `sms_submitted` (see test_at_most_once.cpp).
  for (const auto start : {unknown, sms_sent}) {
    std::set<State> reached{start};
    for (std::size_t before = 0; before != reached.size();) {
      before = reached.size();
      for (const auto& move : moves())
        if (reached.contains(move.from) && move.trigger != Trigger::replayed_by_sms)
          reached.insert(move.to);
    }
    EXPECT_FALSE(reached.contains(accepted) || reached.contains(sending_sms)) << name(start);
  }
}

TEST(Lifecycle, OnlyEndsOtherThanDeadLettersExpire) {
  const std::set<State> kept{accepted, deferred,  sending_sms,   unknown,
                             sms_sent, email_due, sending_email, dead};
  for (const auto state : sample::all_states())
    EXPECT_EQ(may_expire(state), !kept.contains(state)) << name(state);
}

TEST(Lifecycle, NamesAreReadBack) {
  std::set<std::string_view> names;
  for (const auto state : sample::all_states()) {
    EXPECT_EQ(parse_state(name(state)), state);
    names.insert(name(state));
  }
  EXPECT_EQ(names.size(), state_count);
  for (const auto trigger : sample::all_triggers()) names.insert(name(trigger));
  EXPECT_EQ(names.size(), state_count + trigger_count);
  EXPECT_EQ(parse_state("Accepted"), std::nullopt);
  EXPECT_EQ(parse_state(""), std::nullopt);
  EXPECT_EQ(name(State::email_due), "email_due");
}

TEST(Lifecycle, TheDrawingShowsEveryMoveAndEveryEnd) {
  const auto page = draw_lifecycle();
  for (const auto& move : moves())
    EXPECT_THAT(page, testing::HasSubstr("  " + std::string{name(move.from)} + " --> " +
                                         std::string{name(move.to)} + ": " +
                                         std::string{name(move.trigger)} + "\n"));
  EXPECT_THAT(page, testing::HasSubstr("  delivered --> [*]\n"));
  EXPECT_THAT(page, testing::Not(testing::HasSubstr("  unknown --> [*]\n")));
}

TEST(Lifecycle, TimeMovesEveryStateThatIsNoEnd) {
  for (std::size_t i = 0; i < state_count; ++i) {
    const auto state = static_cast<State>(i);
    const bool moving =
        std::find(moving_states.begin(), moving_states.end(), state) != moving_states.end();
    EXPECT_NE(moving, is_end(state)) << name(state);
  }
}

}  // namespace
}  // namespace postrider::domain
