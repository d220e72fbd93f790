// An exhaustive search: two workers, a sweeper, a carrier, a customer and an operator do everything
// that they can do, in every order, to one notification, by the domain's claim rules and budget
// effects. Receipts come at any time after the first byte, also before the worker's own report, and
// late ones of attempts that were refused. At no point may the carrier have accepted two SMS, a
// claim have ignored an opt-out or been ended by a receipt of another attempt, or the budget have
// passed its limit or lost the money of an accepted SMS.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <set>

#include "domain/delivery/claim_rules.hpp"
#include "domain/delivery/decide.hpp"
#include "domain/limits/budget_effect.hpp"
#include "sample.hpp"

namespace postrider::domain {
namespace {

/// The rules under test; a test replaces one of them by a broken one.
struct Rules {
  std::function<std::optional<Change>(const Notification&, const Input&)> decide =
      [](const Notification& n, const Input& input) {
        return domain::decide(n, input, Policy{}, sample::now);
      };
  std::function<ClaimVerdict(const Notification&, const SmsClaimFacts&, const ClaimTerms&)> judge =
      judge_sms_claim;
  std::function<BudgetEffect(const Change&)> effect = budget_effect;
};

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
  std::array<Worker, 2> workers{};
  int on_the_wire = 0;      // SMS that the carrier accepted, whether anybody knows or not
  int wire_attempt = 0;     // the attempt of the last one
  int refused_attempt = 0;  // the last one that the carrier refused
  Money reserved, spent;    // of the budget's month
  Money others;             // that other notifications use of it
  bool opted_out = false;
  bool claimed_after_opt_out = false;
  bool receipt_ended_claim = false;  // the carrier said that it has the SMS of the claim
  bool claimed_after_receipt = false;

  Money used() const { return reserved + spent + others; }
};

// Of the month: two SMS, so that the money alone does not prevent a second one.
constexpr Money limit = sample::price * 2;

/// The key of a world, for all that may follow from it. Versions count up for ever, so only "is it
/// the version of my claim" matters; of an attempt that gets receipts, "is it the present one".
auto key_of(const World& w) {
  std::vector<int> key{static_cast<int>(w.n.state),
                       w.n.attempts,
                       w.n.sms_tries,
                       w.n.email_tries,
                       w.n.sms_submitted,
                       w.n.budget_day,
                       w.on_the_wire,
                       w.wire_attempt == w.n.attempts,
                       w.refused_attempt > 0,
                       w.refused_attempt == w.n.attempts,
                       static_cast<int>(w.reserved.micros),
                       static_cast<int>(w.spent.micros),
                       static_cast<int>(w.others.micros),
                       w.opted_out,
                       w.claimed_after_opt_out,
                       w.receipt_ended_claim,
                       w.claimed_after_receipt};
  for (const auto& worker : w.workers) {
    key.push_back(static_cast<int>(worker.phase));
    key.push_back(worker.phase == Phase::idle ? 0 : worker.attempt);
    key.push_back(worker.phase != Phase::idle && worker.version == w.n.version);
  }
  return key;
}

void apply(World& w, const Change& change, const BudgetEffect& effect) {
  if (!change.changes_notification()) return;
  w.reserved += effect.reserved;
  w.spent += effect.spent;
  const auto purse = purse_after(change);
  w.n.reserved = purse.reserved;
  w.n.spent = purse.spent;
  w.n.budget_day = purse.budget_day;
  ++w.n.version;
  if (!change.to) return;
  w.n.state = *change.to;
  w.n.attempts = change.attempts;
  w.n.sms_tries = change.sms_tries;
  w.n.email_tries = change.email_tries;
  w.n.sms_submitted = change.sms_submitted;
}

class Search {
 public:
  explicit Search(Rules rules) : rules_{std::move(rules)} {}

  /// Looks at every world within `depth` steps; the first fault, or empty.
  std::string run(int depth) {
    World start;
    start.n = sample::notification(State::accepted);
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
    if (w.on_the_wire > 0 && w.reserved + w.spent < sample::price) wrong_ = "unpaid SMS";
    if (w.reserved < Money{} || w.spent < Money{}) wrong_ = "money given back twice";
    if (w.reserved != w.n.reserved || w.spent != w.n.spent) wrong_ = "the budget does not add up";
    if (w.used() > limit) wrong_ = "over the limit";
    if (w.claimed_after_opt_out) wrong_ = "claimed after an opt-out";
    if (w.claimed_after_receipt) wrong_ = "claimed after the carrier said that it has the SMS";
    if (seen_.insert(key_of(w)).second) next_.push_back(w);
  }

  void happen(World w, const Input& input) {
    const auto* receipt = std::get_if<ReceiptCame>(&input);
    const bool foreign = receipt != nullptr && w.n.state == State::sending_sms &&
                         receipt->attempt_no != w.n.attempts;
    const auto before = w.n.state;
    if (const auto change = rules_.decide(w.n, input)) apply(w, *change, rules_.effect(*change));
    if (foreign && w.n.state != before) wrong_ = "a receipt ended the claim of another attempt";
    w.receipt_ended_claim |=
        receipt != nullptr && before == State::sending_sms && w.n.state != before;
    add(w);
  }

  void expand(const World& w) {
    for (std::size_t i = 0; i < w.workers.size(); ++i) step_worker(w, i);
    for (const auto& outcome :
         {ReceiptOutcome::delivered, ReceiptOutcome::accepted, ReceiptOutcome::failed_permanent})
      if (w.on_the_wire > 0) happen(w, ReceiptCame{w.wire_attempt, sample::receipt(outcome)});
    for (const auto& outcome :
         {ReceiptOutcome::delivered, ReceiptOutcome::accepted, ReceiptOutcome::failed_permanent})
      if (w.refused_attempt > 0)
        happen(w, ReceiptCame{w.refused_attempt, sample::receipt(outcome)});
    happen(w, sample::lost(false, w.n.attempts));  // the sweeper finds an expired lease
    happen(w, ReceiptOverdue{});
    World other = w;  // the customer opts out or in; another message takes the money or frees it
    other.opted_out = !w.opted_out;
    add(other);
    other = w;
    other.others = w.others == Money{} ? limit : Money{};
    if (other.used() <= limit) add(other);
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
    happen(w, MailBounced{w.n.attempts, sample::receipt(ReceiptOutcome::failed_temporary)});
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
        if (phase == Phase::took) put_on_the_wire(sent, i);
        if (phase == Phase::refused || phase == Phase::refused_for_good)
          sent.refused_attempt = worker.attempt;
        add(sent);
      }
      for (const int went_out : {0, 1}) {
        World sent = w;
        sent.workers[i].phase = Phase::lost;
        if (went_out > 0) put_on_the_wire(sent, i);
        add(sent);
      }
      World died = w;
      died.workers[i] = {};
      add(died);
      return;
    }
    report(w, i);
  }

  static void put_on_the_wire(World& w, std::size_t i) {
    ++w.on_the_wire;
    w.wire_attempt = w.workers[i].attempt;
  }

  void claim(World w, std::size_t i) {
    const ClaimTerms terms{sample::now, Milliseconds{60'000}, Limits{.monthly = limit}};
    const SmsClaimFacts facts{.opted_out = w.opted_out, .used = MoneyUsed{w.used(), w.used()}};
    w.n.due_at = sample::now;  // whatever it was: time may have passed
    const auto verdict = rules_.judge(w.n, facts, terms);
    if (const auto* reason = std::get_if<Reason>(&verdict))
      return happen(std::move(w), SmsRuledOut{*reason});
    take_claim(w.n, terms);
    w.claimed_after_opt_out = w.opted_out;
    w.claimed_after_receipt = w.receipt_ended_claim;
    w.reserved += w.n.reserved;
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

  Rules rules_;
  std::set<std::vector<int>> seen_;
  std::deque<World> next_;
  std::string wrong_;
};

constexpr int depth = 20;

std::optional<Change> real(const Notification& n, const Input& input) {
  return decide(n, input, Policy{}, sample::now);
}

TEST(AtMostOnce, HoldsInEveryOrderOfEverythingThatCanHappen) {
  Search search{Rules{}};
  EXPECT_EQ(search.run(depth), "");
  EXPECT_GT(search.seen(), 20'000U);
}

// The search proves something only if it finds faults that are made on purpose.

TEST(AtMostOnce, IsSeenToBreakWhenAnUnknownOutcomeIsTriedAgain) {
  Search search{{.decide = [](const Notification& n, const Input& input) {
    if (std::holds_alternative<OutcomeUnknown>(input))
      return real(n, sample::refused(false, n.attempts));
    return real(n, input);
  }}};
  EXPECT_NE(search.run(depth), "");
}

TEST(AtMostOnce, IsSeenToBreakWhenAReplayForgetsThatAnSmsWentOut) {
  Search search{{.decide = [](Notification n, const Input& input) {
    if (std::holds_alternative<Replayed>(input)) n.sms_submitted = false;
    return real(n, input);
  }}};
  EXPECT_EQ(search.run(depth), "the budget does not add up");
}

TEST(AtMostOnce, IsSeenToBreakWhenAReceiptThatEndsAClaimForgetsThatAnSmsWentOut) {
  Search search{{.decide = [](const Notification& n, const Input& input) {
    auto change = real(n, input);
    if (change && std::holds_alternative<ReceiptCame>(input) && n.state == State::sending_sms)
      change->sms_submitted = n.sms_submitted;
    return change;
  }}};
  EXPECT_NE(search.run(depth), "");
}

TEST(AtMostOnce, IsSeenToBreakWhenAReceiptThatEndsAClaimGivesTheMoneyBack) {
  Search search{{.decide = [](const Notification& n, const Input& input) {
    auto change = real(n, input);
    if (change && std::holds_alternative<ReceiptCame>(input) && n.state == State::sending_sms)
      change->money = MoneyEffect::release;
    return change;
  }}};
  EXPECT_EQ(search.run(depth), "unpaid SMS");
}

TEST(AtMostOnce, IsSeenToBreakWhenARefusalUndoesTheReceiptBeforeIt) {
  Search search{{.decide = [](Notification n, const Input& input) {
    if (std::holds_alternative<CarrierRefused>(input) && n.state == State::sms_sent)
      n.state = State::sending_sms;
    return real(n, input);
  }}};
  EXPECT_EQ(search.run(depth), "claimed after the carrier said that it has the SMS");
}

TEST(AtMostOnce, IsSeenToBreakWhenAReceiptOfAnEarlierAttemptEndsTheClaim) {
  Search search{{.decide = [](const Notification& n, Input input) {
    if (auto* came = std::get_if<ReceiptCame>(&input)) came->attempt_no = n.attempts;
    return real(n, input);
  }}};
  EXPECT_EQ(search.run(depth), "a receipt ended the claim of another attempt");
}

TEST(AtMostOnce, IsSeenToBreakWhenARepeatedAnswerEndsTheNextClaim) {
  Search search{{.decide = [](const Notification& n, Input input) {
    if (auto* refused = std::get_if<CarrierRefused>(&input)) refused->attempt_no = n.attempts;
    return real(n, input);
  }}};
  EXPECT_NE(search.run(depth), "");
}

TEST(AtMostOnce, IsSeenToBreakWhenADeadlineGivesTheMoneyBack) {
  Search search{{.decide = [](const Notification& n, const Input& input) {
    auto change = real(n, input);
    if (change && std::holds_alternative<ReceiptOverdue>(input))
      change->money = MoneyEffect::release;
    return change;
  }}};
  EXPECT_EQ(search.run(depth), "unpaid SMS");
}

TEST(AtMostOnce, IsSeenToBreakWhenAClaimIgnoresAnOptOut) {
  Search search{{.judge = [](const Notification& n, SmsClaimFacts facts, const ClaimTerms& terms) {
    facts.opted_out = false;
    return judge_sms_claim(n, facts, terms);
  }}};
  EXPECT_EQ(search.run(depth), "claimed after an opt-out");
}

TEST(AtMostOnce, IsSeenToBreakWhenAClaimIgnoresTheLimit) {
  Search search{{.judge = [](const Notification& n, SmsClaimFacts facts, const ClaimTerms& terms) {
    facts.used.reset();
    return judge_sms_claim(n, facts, terms);
  }}};
  EXPECT_EQ(search.run(depth), "over the limit");
}

TEST(AtMostOnce, IsSeenToBreakWhenSpendingKeepsTheReservation) {
  Search search{{.effect = [](const Change& change) {
    auto effect = budget_effect(change);
    if (change.money == MoneyEffect::spend) effect.reserved = {};
    return effect;
  }}};
  EXPECT_NE(search.run(depth), "");
}

}  // namespace
}  // namespace postrider::domain
