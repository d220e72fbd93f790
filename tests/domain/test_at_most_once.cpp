// An exhaustive search: two workers, a sweeper, a carrier and an operator do everything that they
// can do, in every order, to one notification. At no point may the carrier have accepted two SMS,
// and money for an accepted one may never have been given back.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <set>

#include "domain/decide.hpp"
#include "sample.hpp"

namespace postrider::domain {
namespace {

using Decide = std::function<std::optional<Change>(const Notification&, const Input&)>;

enum class Phase : std::uint8_t {
  idle,
  claimed,
  took,
  refused,
  refused_for_good,
  unavailable,
  lost
};

struct Worker {
  Phase phase = Phase::idle;
  int attempt = 0;
  std::int64_t version = 0;  // of its claim
  auto operator<=>(const Worker&) const = default;
};

struct World {
  Notification n;
  std::array<Worker, 2> workers;
  int on_the_wire = 0;  // SMS that the carrier accepted, whether anybody knows or not
  int reserved = 0, spent = 0;
};

/// The key of a world, for all that may follow from it. Versions count up for ever, so only "is it
/// the version of my claim" matters.
auto key_of(const World& w) {
  std::vector<int> key{static_cast<int>(w.n.state),
                       w.n.attempts,
                       w.n.sms_tries,
                       w.n.email_tries,
                       w.n.sms_submitted,
                       w.n.budget_day,
                       w.on_the_wire,
                       w.reserved,
                       w.spent};
  for (const auto& worker : w.workers) {
    key.push_back(static_cast<int>(worker.phase));
    key.push_back(worker.phase == Phase::idle ? 0 : worker.attempt);
    key.push_back(worker.phase != Phase::idle && worker.version == w.n.version);
  }
  return key;
}

void apply(World& w, const Change& change) {
  if (!change.to) return;
  if (change.money == MoneyEffect::release) w.reserved -= w.n.budget_day != 0;
  if (change.money == MoneyEffect::spend) {
    --w.reserved, ++w.spent;
    w.n.spent = change.spent;
  }
  if (change.money != MoneyEffect::keep) w.n.reserved = {};
  if (change.money == MoneyEffect::release) w.n.budget_day = 0;
  w.n.state = *change.to;
  w.n.attempts = change.attempts;
  w.n.sms_tries = change.sms_tries;
  w.n.email_tries = change.email_tries;
  w.n.sms_submitted = change.sms_submitted;
  ++w.n.version;
}

class Search {
 public:
  explicit Search(Decide decide) : decide_{std::move(decide)} {}

  /// Looks at every world within `depth` steps; the first fault, or empty.
  std::string run(int depth) {
    World start{sample::notification(State::accepted), {}, 0, 0, 0};
    start.n.attempts = start.n.sms_tries = start.n.email_tries = start.n.budget_day = 0;
    start.n.reserved = {};
    add(start);
    for (int step = 0; step < depth && wrong_.empty(); ++step) {
      std::deque<World> layer;
      layer.swap(next_);
      for (const auto& world : layer) expand(world);
    }
    return wrong_;
  }

  std::size_t seen() const { return seen_.size(); }

 private:
  void add(const World& w) {
    if (w.on_the_wire > 1) wrong_ = "two SMS on the wire";
    if (w.on_the_wire > 0 && w.reserved + w.spent < w.on_the_wire) wrong_ = "unpaid SMS";
    if (w.spent > 1 || w.reserved < 0) wrong_ = "money counted twice";
    if (seen_.insert(key_of(w)).second) next_.push_back(w);
  }

  void happen(World w, const Input& input) {
    if (const auto change = decide_(w.n, input)) apply(w, *change);
    add(w);
  }

  void expand(const World& w) {
    for (std::size_t i = 0; i < w.workers.size(); ++i) step_worker(w, i);
    for (const auto& outcome :
         {ReceiptOutcome::delivered, ReceiptOutcome::accepted, ReceiptOutcome::failed_permanent})
      if (w.on_the_wire > 0) happen(w, ReceiptCame{w.n.attempts, sample::receipt(outcome)});
    happen(w, sample::lost(false, w.n.attempts));  // the sweeper finds an expired lease
    happen(w, ReceiptOverdue{});
    happen(w, SmsRuledOut{Reason::too_late});
    happen(w, SmsPostponed{sample::now + Milliseconds{60'000}});
    happen(w, Woken{});
    happen(w, Replayed{});
    happen(w, NoAddress{Reason::no_email});
    if (w.n.state == State::email_due) {
      World claimed = w;
      claimed.n.state = State::sending_email;
      ++claimed.n.attempts, ++claimed.n.version;
      add(claimed);
    }
    happen(w, MailRefused{w.n.attempts, sample::mail_submission(Submitted::refused), true});
    happen(w, MailAccepted{w.n.attempts, sample::mail_submission(Submitted::accepted)});
  }

  void step_worker(const World& w, std::size_t i) {
    const Worker& worker = w.workers[i];
    if (worker.phase == Phase::idle) {
      if (w.n.state == State::accepted) claim(w, i);
      return;
    }
    if (worker.phase == Phase::claimed) {  // however late: it may send now
      for (const auto phase :
           {Phase::took, Phase::refused, Phase::refused_for_good, Phase::unavailable}) {
        World sent = w;
        sent.workers[i].phase = phase;
        sent.on_the_wire += phase == Phase::took;
        add(sent);
      }
      for (const int went_out : {0, 1}) {
        World sent = w;
        sent.workers[i].phase = Phase::lost;
        sent.on_the_wire += went_out;
        add(sent);
      }
      World died = w;
      died.workers[i] = {};
      add(died);
      return;
    }
    report(w, i);
  }

  void claim(World w, std::size_t i) {
    w.n.state = State::sending_sms;
    ++w.n.attempts, ++w.n.version;
    w.n.budget_day = 20261110;
    w.n.reserved = sample::price;
    ++w.reserved;
    w.workers[i] = {Phase::claimed, w.n.attempts, w.n.version};
    add(w);
  }

  /// Reports the outcome, and perhaps reports it again because the first report got no reply.
  void report(World w, std::size_t i) {
    const Worker worker = w.workers[i];
    const int no = worker.attempt;
    Input input = sample::lost(true, no);
    if (worker.phase == Phase::took) input = sample::took(no);
    if (worker.phase == Phase::refused) input = sample::refused(false, no);
    if (worker.phase == Phase::refused_for_good) input = sample::refused(true, no);
    if (worker.phase == Phase::unavailable) {
      input = ProviderUnavailable{Milliseconds{500}, "throttled"};
      // The attempt's number is used again, so only the version shows whether the claim is still
      // this worker's.
      if (worker.version != w.n.version) {
        w.workers[i] = {};
        return add(w);
      }
    }
    happen(w, input);
    w.workers[i] = {};
    happen(w, input);
  }

  Decide decide_;
  std::set<std::vector<int>> seen_;
  std::deque<World> next_;
  std::string wrong_;
};

constexpr int depth = 20;

std::optional<Change> real(const Notification& n, const Input& input) {
  return decide(n, input, Policy{}, sample::now);
}

TEST(AtMostOnce, HoldsInEveryOrderOfEverythingThatCanHappen) {
  Search search{real};
  EXPECT_EQ(search.run(depth), "");
  EXPECT_GT(search.seen(), 20'000U);
}

// The search proves something only if it finds faults that are made on purpose.

TEST(AtMostOnce, IsSeenToBreakWhenAnUnknownOutcomeIsTriedAgain) {
  Search search{[](const Notification& n, const Input& input) {
    if (std::holds_alternative<OutcomeUnknown>(input))
      return real(n, sample::refused(false, n.attempts));
    return real(n, input);
  }};
  EXPECT_NE(search.run(depth), "");
}

TEST(AtMostOnce, IsSeenToBreakWhenAReplayForgetsThatAnSmsWentOut) {
  Search search{[](Notification n, const Input& input) {
    if (std::holds_alternative<Replayed>(input)) n.sms_submitted = false;
    return real(n, input);
  }};
  EXPECT_EQ(search.run(depth), "two SMS on the wire");
}

TEST(AtMostOnce, IsSeenToBreakWhenARepeatedAnswerEndsTheNextClaim) {
  Search search{[](const Notification& n, Input input) {
    if (auto* refused = std::get_if<CarrierRefused>(&input)) refused->attempt_no = n.attempts;
    return real(n, input);
  }};
  EXPECT_NE(search.run(depth), "");
}

TEST(AtMostOnce, IsSeenToBreakWhenADeadlineGivesTheMoneyBack) {
  Search search{[](const Notification& n, const Input& input) {
    auto change = real(n, input);
    if (change && std::holds_alternative<ReceiptOverdue>(input))
      change->money = MoneyEffect::release;
    return change;
  }};
  EXPECT_EQ(search.run(depth), "unpaid SMS");
}

}  // namespace
}  // namespace postrider::domain
