// An exhaustive search: three statuses of one order, two workers of which two may die, a carrier
// and a mail server that take, refuse or keep silent, receipts, deadlines and an operator, in every
// order. What the providers were given must be an increasing chain of ranks, one message at a time;
// once with a store that sees the whole chain in the transaction of a claim, once with a fence that
// is read before and moved by the claim if nobody has moved it since.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <iostream>
#include <unordered_set>

#include "chain_world.hpp"
#include "domain/delivery/lifecycle.hpp"

namespace postrider::domain {
namespace {

using namespace chain_world;

/// The rules under test; a test replaces one of them by a broken one.
struct Rules {
  std::function<ChainVerdict(const ChainFacts&)> judge = judge_claim;
  std::function<ChainMember(const Notification&, const Rank&)> member = member_of;
  std::function<void(ChainFence&, const std::optional<ChainMember>&)> learn =
      [](ChainFence& fence, const auto& last) { fence.learn(last); };
  bool moves_fence_only_if_unmoved = true;
  bool begins_within_the_lease = true;
};

class Search {
 public:
  Search(Rules rules, bool by_fence) : rules_{std::move(rules)}, by_fence_{by_fence} {}

  /// Looks at every world that can be reached, the nearest first; the first fault, or empty.
  std::string run() {
    World start;
    for (auto& message : start.order) message.state = absent;
    add(start);
    while (!next_.empty() && wrong_.empty()) {
      const World world = next_.front();
      next_.pop_front();
      expand(world);
    }
    return wrong_;
  }
  std::size_t seen() const { return seen_.size(); }

 private:
  void add(const World& w) {
    if (seen_.insert(w.packed()).second) next_.push_back(w);
  }

  static void changed(World& w, std::size_t place) {
    for (auto& worker : w.staff)
      if (worker.message == place) worker.row_unchanged = false;
  }

  void happen(World w, std::size_t place, std::size_t input) {
    const auto was = w.order[place].is();
    const auto moved = decisions_.of(w.order[place], input);
    if (!moved) return add(w);
    w.order[place] = *moved;
    changed(w, place);
    if (was == State::sending_sms || was == State::sending_email)
      for (auto& worker : w.staff)
        if (worker.message == place && worker.owns) worker.in_lease = false;
    add(w);
  }

  void expand(const World& w) {
    for (std::size_t place = 0; place < messages; ++place) {
      if (w.order[place].state == absent) {
        World taken = w;
        taken.order[place].state = static_cast<std::uint8_t>(State::accepted);
        add(taken);
        continue;
      }
      for (auto input = by_themselves; input < newer_told; ++input)
        if (decisions_.of(w.order[place], input)) happen(w, place, input);
    }
    for (std::size_t i = 0; i < workers; ++i) expand_worker(w, i);
  }

  void expand_worker(const World& w, std::size_t i) {
    const Worker& worker = w.staff[i];
    if (worker.phase == Phase::idle) {
      for (std::size_t place = 0; place < messages; ++place)
        if (w.order[place].is() == State::accepted || w.order[place].is() == State::email_due)
          look(w, i, place);
      return;
    }
    if (w.deaths < 2) {
      World died = w;
      died.staff[i] = {};
      ++died.deaths;
      add(died);
    }
    if (worker.phase == Phase::looked) return claim(w, i);
    if (worker.phase == Phase::claimed) return begin(w, i);
    report(w, i);
  }

  ChainFacts facts_of(const World& w, Worker& worker) {
    ChainFacts facts;
    const auto rank = rank_of_place(worker.message);
    const auto member = [&](std::size_t place) {
      auto& known = members_[w.order[place].packed() * messages + place];
      if (!known) known = rules_.member(notification(w.order[place]), rank_of_place(place));
      return *known;
    };
    if (!by_fence_) {
      for (std::size_t place = 0; place < messages; ++place)
        if (place != worker.message && w.order[place].state != absent)
          facts.add(rank, member(place), sample::now);
      return facts;
    }
    ChainFence fence{rank_in(w.fence_told), rank_in(w.fence_last)};
    if (fence.last) {
      const auto last = member(static_cast<std::size_t>(fence.last->at));
      rules_.learn(fence, last);
      if (*fence.last != rank) facts.add(rank, last, sample::now);
    }
    fence.tell(rank, facts);
    worker.told = plus_one(fence.told);
    return facts;
  }

  /// Reads what a claim needs. A store that sees the whole chain does so in the claim's
  /// transaction.
  void look(World w, std::size_t i, std::size_t place) {
    auto& worker = w.staff[i];
    worker = {};
    worker.phase = Phase::looked;
    worker.message = static_cast<std::uint8_t>(place);
    worker.by_sms = w.order[place].is() == State::accepted;
    worker.row_unchanged = worker.fence_unmoved = true;
    const auto verdict = rules_.judge(facts_of(w, worker));
    if (verdict == ChainVerdict::superseded) {
      worker = {};
      return happen(w, place, newer_told);
    }
    if (verdict == ChainVerdict::held_back) return;
    if (by_fence_) return add(w);
    claim(w, i);
  }

  void claim(World w, std::size_t i) {
    auto& worker = w.staff[i];
    const bool unmoved = worker.fence_unmoved || !rules_.moves_fence_only_if_unmoved;
    if (!worker.row_unchanged || !unmoved) {
      worker = {};
      return add(w);
    }
    const auto place = worker.message;
    auto& m = w.order[place];
    m.state = static_cast<std::uint8_t>(
        *next_state(m.is(), worker.by_sms ? Trigger::sms_claimed : Trigger::email_claimed));
    if (by_fence_) {
      w.fence_told = worker.told;
      w.fence_last = static_cast<std::uint8_t>(place + 1);
      for (auto& each : w.staff) each.fence_unmoved = false;
    }
    changed(w, place);
    for (auto& each : w.staff)
      if (each.message == place) each.owns = false;
    worker.phase = Phase::claimed;
    worker.owns = worker.in_lease = true;
    worker.told = 0;
    add(w);
  }

  void begin(const World& w, std::size_t i) {
    const auto& worker = w.staff[i];
    if (!worker.in_lease && rules_.begins_within_the_lease) {
      World late = w;
      late.staff[i] = {};
      return add(late);
    }
    const auto place_plus_one = static_cast<std::uint8_t>(worker.message + 1);
    if (place_plus_one < w.given) wrong_ = "an older status after a newer one";
    const auto& colleague = w.staff[1 - i];
    if (colleague.in_lease && colleague.message != worker.message &&
        colleague.phase > Phase::claimed)
      wrong_ = "two messages of an order under way";
    for (const auto phase : {Phase::took, Phase::refused, Phase::refused_for_good, Phase::silent}) {
      World sent = w;
      sent.staff[i].phase = phase;
      if (phase == Phase::took || phase == Phase::silent)
        sent.given = std::max(sent.given, place_plus_one);
      add(sent);
    }
  }

  void report(World w, std::size_t i) {
    const Worker worker = w.staff[i];
    w.staff[i] = {};
    std::size_t input = 0;
    if (worker.by_sms) {
      input = worker.phase == Phase::took      ? took
              : worker.phase == Phase::refused ? refused
              : worker.phase == Phase::silent  ? lost
                                               : refused_for_good;
    } else {
      input = worker.phase == Phase::took      ? mailed
              : worker.phase == Phase::refused ? put_off
              : worker.phase == Phase::silent  ? doubtful
                                               : bounced;
    }
    happen(w, worker.message, worker.owns ? input : input + of_other);
  }

  const Rules rules_;
  const bool by_fence_;
  Decisions decisions_;
  std::vector<std::optional<ChainMember>> members_ =
      std::vector<std::optional<ChainMember>>(messages << message_bits);
  std::unordered_set<unsigned __int128, Hash> seen_;
  std::deque<World> next_;
  std::string wrong_;
};

class NeverBackwards : public testing::TestWithParam<bool> {
 protected:
  static std::string first_fault(Rules rules) { return Search{std::move(rules), GetParam()}.run(); }
};
INSTANTIATE_TEST_SUITE_P(By, NeverBackwards, testing::Bool(), [](const auto& kind) {
  return std::string{kind.param ? "fence" : "whole_chain"};
});

TEST_P(NeverBackwards, HoldsInEveryOrderOfEverythingThatCanHappen) {
  Search search{Rules{}, GetParam()};
  EXPECT_EQ(search.run(), "");
  EXPECT_GT(search.seen(), 100'000U);
  std::cout << search.seen() << " worlds\n";
}

// The search proves something only if it finds faults that are made on purpose.

TEST_P(NeverBackwards, IsSeenToBreakWhereAClaimIgnoresWhatWasTold) {
  EXPECT_NE(first_fault({.judge =
                             [](ChainFacts facts) {
                               facts.newer_told = false;
                               return judge_claim(facts);
                             }}),
            "");
}

TEST_P(NeverBackwards, IsSeenToBreakWhereAClaimIgnoresTheOneUnderWay) {
  EXPECT_NE(first_fault({.judge =
                             [](ChainFacts facts) {
                               facts.busy = false;
                               return judge_claim(facts);
                             }}),
            "");
}

TEST_P(NeverBackwards, IsSeenToBreakWhereASilentProviderCountsAsNotTold) {
  EXPECT_NE(first_fault({.member =
                             [](const Notification& n, const Rank& rank) {
                               auto member = member_of(n, rank);
                               member.told = n.state == State::sms_sent ||
                                             n.state == State::delivered ||
                                             n.state == State::emailed;
                               return member;
                             }}),
            "");
}

TEST_P(NeverBackwards, IsSeenToBreakWhereAMailOfADeadWorkerIsForgotten) {
  EXPECT_NE(first_fault({.member =
                             [](Notification n, const Rank& rank) {
                               n.mail_submitted = false;
                               return member_of(n, rank);
                             }}),
            "");
}

TEST_P(NeverBackwards, IsSeenToBreakWhereAMessageBeginsAfterItsLease) {
  EXPECT_NE(first_fault({.begins_within_the_lease = false}), "");
}

TEST(NeverBackwardsByFence, IsSeenToBreakWhereTheFenceIsMovedWithoutALook) {
  EXPECT_NE((Search{{.moves_fence_only_if_unmoved = false}, true}.run()), "");
}

TEST(NeverBackwardsByFence, IsSeenToBreakWhereTheFateOfTheLastOneIsNotLearned) {
  EXPECT_NE((Search{{.learn = [](ChainFence&, const auto&) {}}, true}.run()), "");
}

}  // namespace
}  // namespace postrider::domain
