#include "domain/delivery/decide.hpp"

#include <algorithm>

#include "domain/delivery/lifecycle.hpp"
#include "domain/delivery/receipt_limits.hpp"
#include "domain/delivery/retry.hpp"

namespace postrider::domain {
namespace {

/// The decisions about one notification at one moment: one function for each input.
class Decision {
 public:
  Decision(const Notification& n, const Policy& policy, TimePoint now)
      : n_{n}, policy_{policy}, now_{now} {}

  std::optional<Change> operator()(const CarrierAccepted& e) const {
    auto change = move_own(e.attempt_no, Trigger::carrier_accepted, "carrier_accepted");
    if (change) {
      change->due_at = e.submission.at + policy_.receipt_wait;
      settle_as_spent(*change, e.submission.price);
      change->sms_submitted = true;
    }
    return with_submission(std::move(change), e.attempt_no, e.submission, true);
  }

  std::optional<Change> operator()(const CarrierRefused& e) const {
    const int used = n_.sms_tries + 1;
    const bool again = !e.for_good && used < policy_.sms_tries;
    auto change =
        move_own(e.attempt_no, again ? Trigger::refused_try_again : Trigger::refused_for_good,
                 "refused:" + e.submission.error);
    if (change) {
      change->sms_tries = used;
      change->due_at =
          again ? now_ + backoff(n_.id, used, policy_.sms_backoff, policy_.backoff_cap) : now_;
      if (!again) change->reason = code(Reason::sms_refused);
      change->money = MoneyEffect::release;
    }
    return with_submission(std::move(change), e.attempt_no, e.submission, true);
  }

  std::optional<Change> operator()(const ProviderUnavailable& e) const {
    const bool mail = n_.state == State::sending_email;
    auto change = move(mail ? Trigger::mail_try_again : Trigger::refused_try_again,
                       std::string{e.held} + ":" + e.code);
    if (!change) return std::nullopt;
    change->attempts = n_.attempts - 1;  // the attempt never began: its number is used again
    change->due_at = now_ + e.retry_after;
    // The reservation of an SMS of doubtful outcome stays while its e-mail waits.
    if (!mail) change->money = MoneyEffect::release;
    return change;
  }

  std::optional<Change> operator()(const OutcomeUnknown& e) const {
    auto change = move_own(e.attempt_no, Trigger::outcome_unknown, "unknown:" + e.submission.error);
    if (change) {
      change->due_at = e.submission.at + policy_.receipt_wait;
      change->sms_submitted = true;
    } else if (!e.owned) {
      return std::nullopt;
    }
    return with_submission(std::move(change), e.attempt_no, e.submission, e.owned);
  }

  std::optional<Change> operator()(const SmsRuledOut& e) const {
    return to_email(move(Trigger::sms_ruled_out, code(e.reason)), e.reason);
  }

  std::optional<Change> operator()(const SmsPostponed& e) const {
    auto change = move(Trigger::postponed, std::string{e.cause});
    // An SMS that would go too late leaves the queue as soon as that is certain.
    if (change) change->due_at = std::min(e.until, n_.not_after + Milliseconds{1});
    return change;
  }

  std::optional<Change> operator()(const ReceiptCame& e) const {
    std::optional<Change> change;
    switch (e.receipt.outcome) {
      case ReceiptOutcome::delivered:
        change = move_by_receipt(e, Trigger::receipt_delivered);
        if (change)
          change->proof = e.receipt.proof == Proof::none ? Proof::carrier : e.receipt.proof;
        break;
      case ReceiptOutcome::accepted:
        change = move_by_receipt(e, Trigger::carrier_accepted);
        // A receipt that is not final is out of order after a final one and must not overwrite it.
        if (!change && n_.state != State::sms_sent) return std::nullopt;
        if (change)
          change->due_at = n_.state == State::unknown ? n_.due_at : now_ + policy_.receipt_wait;
        break;
      case ReceiptOutcome::failed_temporary:
      case ReceiptOutcome::failed_permanent:
      case ReceiptOutcome::opted_out:
      case ReceiptOutcome::account:
        if (n_.state == State::delivered) return std::nullopt;  // out of order: the SMS has arrived
        change = to_email(move_by_receipt(e, Trigger::receipt_failed), Reason::sms_undelivered);
        break;
    }
    const bool late =
        !change && e.receipt.outcome == ReceiptOutcome::delivered && n_.state != State::delivered;
    const bool ends_claim = change && n_.state == State::sending_sms;
    if (!change) change = unchanged();
    // A receipt proves that the carrier had the SMS, so the reserved money was spent. A price in a
    // receipt counts whenever the receipt comes: the carrier will bill it.
    if (change->to || (e.receipt.price && !is_of_earlier_attempt(e)))
      settle_as_spent(*change, cost_by(e.receipt));
    return with_attempt(
        std::move(change),
        {.no = e.attempt_no,
         .submission = ends_claim ? std::optional{submission_by(e.receipt)} : std::nullopt,
         .receipt = e.receipt,
         .late = late,
         .owned = !ends_claim});
  }

  std::optional<Change> operator()(const ReceiptNoted& e) const {
    return with_attempt(
        std::nullopt,
        {.no = e.attempt_no, .submission = {}, .receipt = e.receipt, .late = false, .owned = true});
  }

  std::optional<Change> operator()(const ReceiptOverdue&) const {
    return to_email(move(Trigger::receipt_overdue, "no_receipt"), Reason::no_receipt);
  }

  std::optional<Change> operator()(const Woken&) const {
    auto change = move(Trigger::woken, "time_came");
    if (change) change->due_at = now_;
    return change;
  }

  std::optional<Change> operator()(const NewerTold&) const {
    return move(Trigger::newer_told, "newer_status");
  }

  std::optional<Change> operator()(const HeldBack& e) const {
    if (n_.state != State::accepted && n_.state != State::deferred && n_.state != State::email_due)
      return std::nullopt;
    auto change = unchanged();
    change.puts_off = true;
    // An SMS that would go too late leaves the queue as soon as that is certain.
    const bool by_mail = n_.state == State::email_due || now_ > n_.not_after;
    change.due_at = by_mail ? e.until : std::min(e.until, n_.not_after + Milliseconds{1});
    return change;
  }

  std::optional<Change> operator()(const MailAccepted& e) const {
    // The mail counts also where its lease ran out meanwhile and no other worker has claimed it.
    auto change = move_own(e.attempt_no, Trigger::mail_accepted, "mail_accepted");
    if (change) {
      change->email_tries = n_.email_tries + 1;
      change->mail_submitted = true;
    }
    return with_submission(std::move(change), e.attempt_no, e.submission, true);
  }

  std::optional<Change> operator()(const MailRefused& e) const {
    // The waits for the recipient count, and not the time: an outage of our own server is none.
    const auto left = policy_.email_give_up - n_.mail_waited;
    const bool again = !e.for_good && left > Milliseconds{0};
    auto change = move_own(e.attempt_no, again ? Trigger::mail_try_again : Trigger::mail_failed,
                           "mail:" + e.submission.error);
    if (change) {
      change->email_tries = n_.email_tries + 1;
      if (again) {
        const auto wait = std::min(left, mail_backoff(change->email_tries));
        change->due_at = now_ + wait;
        change->mail_waited = n_.mail_waited + wait;
      } else {
        change->reason = change->cause;
      }
    }
    return with_submission(std::move(change), e.attempt_no, e.submission, true);
  }

  std::optional<Change> operator()(const MailInDoubt& e) const {
    return with_submission(mail_again(e.attempt_no, "mail:" + e.submission.error), e.attempt_no,
                           e.submission, true);
  }

  std::optional<Change> operator()(const MailLeaseExpired&) const {
    auto change = mail_again(n_.attempts, "mail:lease_expired");
    if (!change) return std::nullopt;
    Submission lost{.channel = Channel::email,
                    .outcome = Submitted::unknown,
                    .carrier = {},
                    .message_id = {},
                    .error = "lease_expired",
                    .at = now_,
                    .encoding = {},
                    .segments = 0,
                    .price = {}};
    return with_submission(std::move(change), n_.attempts, std::move(lost), false);
  }

  std::optional<Change> operator()(const NoAddress& e) const {
    auto change = move(Trigger::no_address, code(e.reason));
    if (change) change->reason = code(e.reason);
    return change;
  }

  std::optional<Change> operator()(const MailBounced& e) const {
    auto change = move(Trigger::mail_bounced, "bounced:" + e.receipt.detail);
    if (change) change->reason = change->cause;
    return with_attempt(
        std::move(change),
        {.no = e.attempt_no, .submission = {}, .receipt = e.receipt, .late = false, .owned = true});
  }

  std::optional<Change> operator()(const Replayed&) const {
    // A replay goes by SMS only if that is still allowed: none was ever submitted, and in time.
    const bool by_sms = !n_.sms_submitted && !n_.content.phone.empty() && now_ <= n_.not_after;
    auto change = by_sms ? move(Trigger::replayed_by_sms, "replayed")
                         : move(Trigger::replayed_by_email, "replayed");
    if (change) {
      change->due_at = now_;
      change->sms_tries = 0;
      change->email_tries = 0;
      change->mail_waited = {};
    }
    return change;
  }

  std::optional<Change> operator()(const Discarded&) const {
    return move(Trigger::discarded_by_operator, "discarded");
  }

 private:
  std::optional<Change> move(Trigger trigger, std::string_view cause) const {
    const auto to = next_state(n_.state, trigger);
    if (!to) return std::nullopt;
    Change change = unchanged();
    change.to = *to;
    change.cause = cause;
    return change;
  }

  /// Ends the claim of attempt `no`. An outcome that is reported twice or too late must not end the
  /// claim that another worker holds by now: that worker's message may be on the wire.
  std::optional<Change> move_own(int no, Trigger trigger, std::string_view cause) const {
    const bool owned = n_.state == State::sending_sms || n_.state == State::sending_email ||
                       n_.state == State::email_due;
    if (owned && no != n_.attempts) return std::nullopt;
    return move(trigger, cause);
  }

  /// True for a receipt of an attempt before the one that is under way or awaits its receipt.
  bool is_of_earlier_attempt(const ReceiptCame& e) const {
    const bool by_sms =
        n_.state == State::sending_sms || n_.state == State::unknown || n_.state == State::sms_sent;
    return by_sms && e.attempt_no != n_.attempts;
  }

  /// The move that a receipt makes. One of an earlier attempt, which was refused, says nothing of
  /// the later one, whose message may be on the wire; only its delivery counts, and ends no claim.
  std::optional<Change> move_by_receipt(const ReceiptCame& e, Trigger trigger) const {
    const bool ends_all = trigger == Trigger::receipt_delivered && n_.state != State::sending_sms;
    if (is_of_earlier_attempt(e) && !ends_all) return std::nullopt;
    auto change = move(trigger, "receipt:" + std::string{name(e.receipt.outcome)});
    if (change) change->sms_submitted = true;
    return change;
  }

  /// What the receipt tells of its submission, until the worker's own answer completes it.
  Submission submission_by(const Receipt& receipt) const {
    return {.channel = Channel::sms,
            .outcome = Submitted::accepted,
            .carrier = receipt.carrier,
            .message_id = receipt.message_id,
            .error = {},
            .at = now_,
            .encoding = n_.content.encoding,
            .segments = n_.content.segments,
            .price = n_.estimate};
  }

  /// The cost to book: the receipt's price where it is plausible, else what is booked already.
  Money cost_by(const Receipt& receipt) const {
    const bool plausible =
        receipt.price && is_plausible_price(*receipt.price, n_.estimate, policy_.max_price_factor);
    return plausible ? *receipt.price : n_.reserved + n_.spent;
  }

  Change unchanged() const {
    Change change;
    change.id = n_.id;
    change.version = n_.version;
    change.from = n_.state;
    change.at = now_;
    change.reason = n_.reason;
    change.attempts = n_.attempts;
    change.sms_tries = n_.sms_tries;
    change.email_tries = n_.email_tries;
    change.mail_waited = n_.mail_waited;
    change.sms_submitted = n_.sms_submitted;
    change.mail_submitted = n_.mail_submitted;
    change.proof = n_.proof;
    change.reserved = n_.reserved;
    change.charged = n_.spent;
    change.budget_day = n_.budget_day;
    change.priority = n_.priority;
    change.created_at = n_.created_at;
    return change;
  }

  std::optional<Change> to_email(std::optional<Change> change, Reason reason) const {
    if (change) {
      change->due_at = now_;
      change->reason = code(reason);
    }
    return change;
  }

  Milliseconds mail_backoff(int times) const {
    return backoff(n_.id, times, policy_.email_backoff, policy_.backoff_cap);
  }

  /// A mail that the server may have taken goes again, however often: nobody knows that it came.
  std::optional<Change> mail_again(int attempt_no, std::string_view cause) const {
    auto change = move_own(attempt_no, Trigger::mail_try_again, cause);
    if (!change) return std::nullopt;
    change->mail_submitted = true;
    change->due_at = now_ + mail_backoff(n_.attempts);
    return change;
  }

  void settle_as_spent(Change& change, Money spent) const {
    if (n_.budget_day == 0) return;  // test mode, or refused for certain
    if (n_.reserved == Money{} && n_.spent == spent) return;
    change.money = MoneyEffect::spend;
    change.spent = spent;
  }

  std::optional<Change> with_submission(std::optional<Change> change, int no, Submission submission,
                                        bool owned) const {
    return with_attempt(std::move(change), {.no = no,
                                            .submission = std::move(submission),
                                            .receipt = {},
                                            .late = false,
                                            .owned = owned});
  }

  std::optional<Change> with_attempt(std::optional<Change> change, AttemptUpdate update) const {
    if (!change) change = unchanged();
    change->attempt = std::move(update);
    return change;
  }

  const Notification& n_;
  const Policy& policy_;
  TimePoint now_;
};

}  // namespace

std::optional<Change> decide(const Notification& n, const Input& input, const Policy& policy,
                             TimePoint now) {
  return std::visit(Decision{n, policy, now}, input);
}

}  // namespace postrider::domain
