#include <atomic>
#include <thread>

#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

class Claim : public Contract {
 protected:
  ports::ClaimOutcome claim_sms(int number, const domain::ClaimTerms& with = terms()) {
    const auto id = id_of(number);
    auto outcomes = store().claim_sms({&id, 1}, with);
    EXPECT_TRUE(outcomes);
    return outcomes ? std::move(outcomes->front()) : ports::ClaimOutcome{ports::NotClaimable{}};
  }
  ports::ClaimOutcome claim_email(int number, domain::TimePoint now = start) {
    const auto id = id_of(number);
    auto outcomes = store().claim_email({&id, 1}, terms(now));
    EXPECT_TRUE(outcomes);
    return outcomes ? std::move(outcomes->front()) : ports::ClaimOutcome{ports::NotClaimable{}};
  }
  static std::string ruled_out(const ports::ClaimOutcome& outcome) {
    const auto* out = std::get_if<ports::RuledOut>(&outcome);
    return std::string{out == nullptr ? "" : domain::code(out->reason)};
  }
  ports::BudgetStatus budget(int month = 202611) { return *home_->allowance(0)->budget(month); }

  void insert_for_email(int number, const std::string& email) {
    auto n = sample(number);
    n.state = State::email_due;
    n.reason = "phone_missing";
    n.content.email = email;
    insert(store(), {n});
  }
};
POSTRIDER_IN_EVERY_HOME(Claim);

TEST_P(Claim, GoesToNobodyWhoseEarlierSmsHasArrived) {
  for (const auto next : {State::accepted, State::email_due}) {
    const int number = next == State::accepted ? 1 : 2;
    insert(store(), {sample(number)});
    auto refused = move(claim(store(), id_of(number)), State::accepted, "refused:busy");
    refused.attempt = domain::AttemptUpdate{};
    refused.attempt->no = 1;
    refused.attempt->owned = true;
    refused.attempt->submission = taken("m-" + std::to_string(number));
    refused.attempt->submission->outcome = domain::Submitted::refused;
    refused.due_at = start;
    refused.money = domain::MoneyEffect::release;
    ASSERT_TRUE(store().record({&refused, 1}));
    const auto second = claim(store(), id_of(number));
    ASSERT_EQ(second.attempts, 2);
    auto late = refused;  // the receipt of the first attempt ends no claim of the second
    late.to.reset();
    late.money = domain::MoneyEffect::keep;
    late.from = second.state;
    late.version = second.version;
    late.attempt->submission.reset();
    late.attempt->receipt = domain::Receipt{};
    late.attempt->receipt->carrier = "carrier";
    late.attempt->receipt->message_id = "m-" + std::to_string(number);
    late.attempt->receipt->outcome = domain::ReceiptOutcome::delivered;
    ASSERT_TRUE(store().record({&late, 1}));
    auto ended = move(second, next, "refused:blocked");
    ended.due_at = start;
    ended.reason = "sms_refused";
    ended.money = domain::MoneyEffect::release;
    ASSERT_EQ(store().record({&ended, 1})->front(), ports::RecordOutcome::applied);
    const auto outcome = next == State::accepted ? claim_sms(number) : claim_email(number);
    const auto* arrived = std::get_if<ports::Arrived>(&outcome);
    ASSERT_NE(arrived, nullptr) << number;
    EXPECT_EQ(arrived->arrival.attempt_no, 1);
    EXPECT_EQ(arrived->arrival.receipt.outcome, domain::ReceiptOutcome::delivered);
    EXPECT_EQ(arrived->notification.state, next);
  }
}

TEST_P(Claim, TakesLeaseAttemptNumberAndMoney) {
  insert(store(), {sample(1)});
  const auto claimed = claim(store(), id_of(1));
  EXPECT_EQ(claimed.state, State::sending_sms);
  EXPECT_EQ(claimed.version, 1);
  EXPECT_EQ(claimed.attempts, 1);
  EXPECT_EQ(claimed.due_at, start + std::chrono::seconds{60});
  EXPECT_EQ(claimed.reserved, Money{10'000});
  EXPECT_EQ(claimed.budget_day, domain::day_of(start));
  EXPECT_EQ(claimed.content, sample(1).content);
  const auto kept = load(store(), id_of(1));
  EXPECT_EQ(kept.state, State::sending_sms);
  EXPECT_EQ(kept.version, 1);
  EXPECT_EQ(kept.attempts, 1);
  EXPECT_EQ(kept.due_at, claimed.due_at);
  EXPECT_EQ(kept.reserved, claimed.reserved);
  EXPECT_EQ(kept.budget_day, domain::day_of(start));
  EXPECT_EQ(budget().reserved, Money{10'000});
  EXPECT_EQ(budget().spent, Money{0});
  const domain::HistoryEntry entry{start, State::accepted, State::sending_sms, "claimed"};
  EXPECT_EQ(details(query(), id_of(1)).history.back(), entry);
}

TEST_P(Claim, OnlyOneWorkerGetsIt) {
  insert(store(), {sample(1)});
  const std::vector ids{id_of(1), id_of(1)};
  const auto outcomes = store().claim_sms(ids, terms());
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>((*outcomes)[0]));
  EXPECT_TRUE(std::holds_alternative<ports::NotClaimable>((*outcomes)[1]));
  EXPECT_TRUE(std::holds_alternative<ports::NotClaimable>(claim_sms(1)));
}

TEST_P(Claim, NotDueUnknownAndEmailNotificationsAreNotClaimable) {
  insert(store(), {sample_at(1, Milliseconds{1})});
  insert_for_email(2, "a@example.com");
  EXPECT_EQ(std::get<ports::NotDue>(claim_sms(1)).notification.due_at, start + Milliseconds{1});
  EXPECT_TRUE(std::holds_alternative<ports::NotClaimable>(claim_sms(2)));
  EXPECT_TRUE(std::holds_alternative<ports::NotClaimable>(claim_sms(3)));
  EXPECT_TRUE(std::holds_alternative<ports::NotClaimable>(claim_email(1)));
  EXPECT_TRUE(std::holds_alternative<ports::NotClaimable>(claim_email(3)));
}

TEST_P(Claim, AnOptedOutNumberIsRuledOutAndUntouched) {
  insert(store(), {sample(1), sample(2)});
  const ports::OptOut number{sample(1).content.phone, "inbound", start};
  ASSERT_TRUE(home_->customers().opt_out({&number, 1}));
  const auto outcome = claim_sms(1);
  EXPECT_EQ(ruled_out(outcome), "opted_out");
  EXPECT_EQ(std::get<ports::RuledOut>(outcome).notification.version, 0);
  EXPECT_EQ(load(store(), id_of(1)).state, State::accepted);
  EXPECT_EQ(budget().reserved, Money{0});
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claim_sms(2)));
}

TEST_P(Claim, AConsentThatTheCustomerWithdrewRulesOut) {
  insert(store(), {sample(1)});
  insert_for_email(2, "a@example.com");
  std::array<domain::Customer, 2> refusing;
  for (std::size_t i = 0; i < 2; ++i) {
    refusing[i].id = sample(static_cast<int>(i) + 1).customer_id;
    refusing[i].sms_opt_in = i != 0;
    refusing[i].email_opt_in = i != 1;
  }
  ASSERT_TRUE(home_->customers().put(sample(1).shop, refusing, start));
  EXPECT_EQ(ruled_out(claim_sms(1)), "sms_not_wanted");
  EXPECT_EQ(ruled_out(claim_email(2)), "email_not_wanted");
}

TEST_P(Claim, AnotherShopsCustomerOfTheSameNameRulesOutNothing) {
  insert(store(), {sample(1)});
  domain::Customer other;
  other.id = sample(1).customer_id;
  other.sms_opt_in = false;
  ASSERT_TRUE(home_->customers().put("another shop", {&other, 1}, start));
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claim_sms(1)));
}

TEST_P(Claim, AfterOptingInAgainItIsClaimed) {
  insert(store(), {sample(1)});
  const ports::OptOut number{sample(1).content.phone, "inbound", start};
  ASSERT_TRUE(home_->customers().opt_out({&number, 1}));
  ASSERT_TRUE(home_->customers().opt_in(number.phone, start));
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claim_sms(1)));
}

TEST_P(Claim, MoneyIsReservedUpToTheLimitAndNotAMillionthFurther) {
  insert(store(), {sample(1), sample(2), sample(3)});
  const std::vector ids{id_of(1), id_of(2), id_of(3)};
  const auto outcomes = store().claim_sms(ids, terms(start, Money{20'000}));
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>((*outcomes)[0]));
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>((*outcomes)[1]));
  EXPECT_EQ(ruled_out((*outcomes)[2]), "no_money");
  EXPECT_EQ(budget().reserved, Money{20'000});
  EXPECT_EQ(load(store(), id_of(3)).state, State::accepted);
  EXPECT_EQ(ruled_out(claim_sms(3, terms(start, Money{29'999}))), "no_money");
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claim_sms(3, terms(start, Money{30'000}))));
}

TEST_P(Claim, EachMonthHasItsOwnMoney) {
  const auto december = std::chrono::days{20};
  insert(store(), {sample(1), sample_at(2, december)});
  claim_sms(1, terms(start, Money{10'000}));
  EXPECT_TRUE(
      std::holds_alternative<ports::Claimed>(claim_sms(2, terms(start + december, Money{10'000}))));
  EXPECT_EQ(budget(202611).reserved, Money{10'000});
  EXPECT_EQ(budget(202612).reserved, Money{10'000});
}

TEST_P(Claim, ADayMayHaveALimitOfItsOwn) {
  const auto tomorrow = std::chrono::days{1};
  insert(store(), {sample(1), sample(2), sample_at(3, tomorrow), sample_at(4, tomorrow)});
  auto limited = terms(start, Money{29'999});
  limited.limits.daily = Money{10'000};
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claim_sms(1, limited)));
  EXPECT_EQ(ruled_out(claim_sms(2, limited)), "no_money_today");
  limited.now += tomorrow;
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claim_sms(3, limited)));
  EXPECT_EQ(ruled_out(claim_sms(4, limited)), "no_money") << "the month's comes first";
  EXPECT_EQ(budget().reserved, Money{20'000});
}

TEST_P(Claim, AFreeMessageStillBelongsToADay) {
  auto n = sample(1);
  n.estimate = {};
  insert(store(), {n});
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claim_sms(1, terms(start, Money{0}))));
  EXPECT_EQ(load(store(), id_of(1)).budget_day, domain::day_of(start));
}

TEST_P(Claim, InQuietHoursItIsTooEarly) {
  auto n = sample(1);
  n.content.quiet = {{start - Milliseconds{5}, start + Milliseconds{5}},
                     {start + Milliseconds{100}, start + Milliseconds{200}}};
  insert(store(), {n});
  const auto early = [&](int after) -> std::optional<domain::TimePoint> {
    const auto outcome = claim_sms(1, terms(start + Milliseconds{after}));
    const auto* too_early = std::get_if<ports::TooEarly>(&outcome);
    return too_early ? std::optional{too_early->until} : std::nullopt;
  };
  EXPECT_EQ(early(4), start + Milliseconds{5});
  EXPECT_EQ(early(150), start + Milliseconds{200});
  EXPECT_EQ(load(store(), id_of(1)).state, State::accepted) << "untouched";
  EXPECT_EQ(budget().reserved, Money{0});
  EXPECT_EQ(early(5), std::nullopt);
  EXPECT_EQ(load(store(), id_of(1)).state, State::sending_sms);
}

TEST_P(Claim, OnlySoManyGoToANumberAPrefixAndACountryInAnHour) {
  std::vector<Notification> batch;
  for (int i = 0; i < 6; ++i) {
    auto n = sample(i);
    n.content.phone = i < 3 ? "+14255551000" : "+1425555100" + std::to_string(i);
    n.content.country = "US";
    if (i == 5) n.content.phone = "+33612345678", n.content.country = "FR";
    batch.push_back(std::move(n));
  }
  insert(store(), batch);
  auto careful = terms();
  careful.velocity = {.per_number = 2, .per_prefix = 3, .per_country = 100};
  std::vector<domain::NotificationId> ids;
  for (int i = 0; i < 6; ++i) ids.push_back(id_of(i));
  const auto outcomes = *store().claim_sms(ids, careful);
  EXPECT_EQ(ruled_out(outcomes[1]), "");
  EXPECT_EQ(ruled_out(outcomes[2]), "too_many_to_number");
  EXPECT_EQ(ruled_out(outcomes[3]), "");
  EXPECT_EQ(ruled_out(outcomes[4]), "too_many_to_prefix");
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(outcomes[5]));
  EXPECT_EQ(budget().reserved, Money{40'000}) << "what is ruled out reserves nothing";
  careful.velocity = {.per_country = 3};
  EXPECT_EQ(ruled_out(claim_sms(4, careful)), "too_many_to_country");
  careful.now += std::chrono::minutes{71};
  careful.velocity = {.per_number = 2, .per_prefix = 3, .per_country = 3};
  EXPECT_EQ(ruled_out(claim_sms(2, careful)), "") << "an hour later";
}

TEST_P(Claim, PastItsTimeForSmsItIsRuledOut) {
  insert(store(), {sample(1), sample(2)});
  const auto last = sample(1).not_after;
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claim_sms(1, terms(last))));
  EXPECT_EQ(ruled_out(claim_sms(2, terms(last + Milliseconds{1}))), "too_late");
  EXPECT_EQ(load(store(), id_of(2)).state, State::accepted);
}

TEST_P(Claim, TestModeCostsNothing) {
  auto n = sample(1);
  n.mode = domain::Mode::test;
  n.estimate = {};
  insert(store(), {n});
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claim_sms(1, terms(start, Money{0}))));
  EXPECT_EQ(budget().reserved, Money{0});
  EXPECT_EQ(load(store(), id_of(1)).budget_day, 0);
}

TEST_P(Claim, EmailTakesLeaseAndAttemptNumberButNoMoney) {
  insert_for_email(1, "a@example.com");
  const auto outcome = claim_email(1);
  ASSERT_TRUE(std::holds_alternative<ports::Claimed>(outcome));
  const auto& claimed = std::get<ports::Claimed>(outcome).notification;
  EXPECT_EQ(claimed.state, State::sending_email);
  EXPECT_EQ(claimed.attempts, 1);
  EXPECT_EQ(claimed.due_at, start + std::chrono::seconds{60});
  EXPECT_EQ(load(store(), id_of(1)).state, State::sending_email);
  EXPECT_EQ(budget().reserved, Money{0});
  EXPECT_TRUE(std::holds_alternative<ports::NotClaimable>(claim_email(1)));
}

TEST_P(Claim, EmailWithoutAUsableAddressIsRuledOut) {
  insert_for_email(1, "");
  insert_for_email(2, "Bad@Example.com");
  const ports::BlockedAddress bad{"bad@example.com", "bounce", start};
  ASSERT_TRUE(home_->customers().block({&bad, 1}));
  EXPECT_EQ(ruled_out(claim_email(1)), "no_email");
  EXPECT_EQ(ruled_out(claim_email(2)), "address_blocked");
  EXPECT_EQ(load(store(), id_of(2)).state, State::email_due);
}

TEST_P(Claim, SixteenWorkersNeverOverrunTheBudgetNorClaimTwice) {
  constexpr int messages = 200;
  std::vector<Notification> batch;
  for (int i = 0; i < messages; ++i) batch.push_back(sample(i));
  insert(store(), batch);
  const Money limit{50 * 10'000 + 9'999};
  std::atomic<int> claimed{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < messages; i += 10) {
        std::vector<domain::NotificationId> ids;
        for (int k = i; k < i + 10; ++k) ids.push_back(id_of(k));
        const auto outcomes = store().claim_sms(ids, terms(start, limit));
        ASSERT_TRUE(outcomes);
        for (const auto& outcome : *outcomes)
          claimed += std::holds_alternative<ports::Claimed>(outcome);
        const auto now = budget();
        if (now.spent + now.reserved > limit) over = true;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_FALSE(over);
  EXPECT_EQ(claimed, 50);
  EXPECT_EQ(query().counts()->at(State::sending_sms), 50);
  EXPECT_EQ(budget().reserved, Money{500'000});
}

}  // namespace
}  // namespace postrider::contract
