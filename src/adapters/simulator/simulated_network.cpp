#include "adapters/simulator/simulated_network.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace postrider::adapters::simulator {
namespace {

using domain::Milliseconds;
using domain::Proof;
using domain::ReceiptOutcome;

constexpr std::array<SimulatedNumber, 34> numbers{{
    {"+14254147755", Behaviour::delivered},
    {"+14254147167", Behaviour::failed_for_good},
    {"+61455944038", Behaviour::delivered},
    {"+61455944039", Behaviour::failed_for_good},
    {"+43676800442031", Behaviour::delivered},
    {"+43676800442032", Behaviour::failed_for_good},
    {"+32460213922", Behaviour::delivered},
    {"+32460213923", Behaviour::failed_for_good},
    {"+420790542286", Behaviour::delivered},
    {"+420790542287", Behaviour::failed_for_good},
    {"+4525919410", Behaviour::delivered},
    {"+4525919215", Behaviour::failed_for_good},
    {"+3584573979110", Behaviour::delivered},
    {"+3584573979111", Behaviour::failed_for_good},
    {"+33755512501", Behaviour::delivered},
    {"+33755512502", Behaviour::failed_for_good},
    {"+85257048426", Behaviour::delivered},
    {"+85257048854", Behaviour::failed_for_good},
    {"+12025550100", Behaviour::delivered},
    {"+12025550101", Behaviour::delivered_to_carrier},
    {"+12025550102", Behaviour::temporary_then_delivered},
    {"+12025550103", Behaviour::refused_for_good},
    {"+12025550104", Behaviour::silent},
    {"+12025550105", Behaviour::late},
    {"+12025550106", Behaviour::duplicate},
    {"+12025550107", Behaviour::opted_out},
    {"+12025550108", Behaviour::unknown_lost},
    {"+12025550109", Behaviour::unknown_delivered},
    {"+12025550110", Behaviour::failed_temporary},
    {"+12025550111", Behaviour::failed_for_good},
    {"+12025550112", Behaviour::accepted_first},
    {"+12025550113", Behaviour::early},
    {"+12025550114", Behaviour::opted_out_receipt},
    {"+12025550115", Behaviour::refused_temporary},
}};

constexpr int receipts_of_duplicate = 3;

/// The random draws of one submission, each independent of the others by a salt of its own.
class Draws {
 public:
  Draws(std::uint64_t seed, const domain::NotificationId& reference, int attempt)
      : reference_{reference},
        salt_{seed * 0xd1342543de82ef95U + static_cast<std::uint64_t>(attempt) * 64} {}

  double share() {
    constexpr std::uint64_t grains = 1U << 30;
    return static_cast<double>(domain::spread(reference_, ++salt_, grains)) /
           static_cast<double>(grains);
  }
  bool happens(double probability) { return share() < probability; }
  Milliseconds between(Milliseconds low, Milliseconds high) {
    const double width = static_cast<double>((std::max(high, low) - low).count());
    return low + Milliseconds{std::llround(share() * width)};
  }

 private:
  domain::NotificationId reference_;
  std::uint64_t salt_;
};

PlannedReceipt delivered(Milliseconds delay, Proof proof = Proof::handset) {
  return {ReceiptOutcome::delivered, proof,
          proof == Proof::carrier ? "accepted_by_carrier" : "delivered", delay, false};
}
PlannedReceipt failed(ReceiptOutcome outcome, std::string_view code, Milliseconds delay) {
  return {outcome, Proof::none, code, delay, false};
}
PlannedReceipt not_final(Milliseconds delay) {
  return {ReceiptOutcome::accepted, Proof::none, "accepted", delay, false};
}

void set_answer(Verdict& verdict, Answer answer, std::string_view code) {
  verdict.answer = answer;
  verdict.code = code;
}

/// Sets the answer and the receipts of a simulated number.
void apply_behaviour(Verdict& v, Behaviour behaviour, int attempt, Milliseconds delay,
                     Milliseconds late) {
  auto& receipts = v.receipts;
  switch (behaviour) {
    case Behaviour::delivered: receipts.push_back(delivered(delay)); break;
    case Behaviour::delivered_to_carrier:
      receipts.push_back(delivered(delay, Proof::carrier));
      break;
    case Behaviour::temporary_then_delivered:
      if (attempt <= 1) return set_answer(v, Answer::refused_temporary, "busy");
      receipts.push_back(delivered(delay));
      break;
    case Behaviour::refused_temporary: return set_answer(v, Answer::refused_temporary, "busy");
    case Behaviour::refused_for_good:
      return set_answer(v, Answer::refused_for_good, "invalid_number");
    case Behaviour::opted_out: return set_answer(v, Answer::opted_out, "opted_out");
    case Behaviour::opted_out_receipt:
      receipts.push_back(failed(ReceiptOutcome::opted_out, "opted_out", delay));
      break;
    case Behaviour::failed_temporary:
      receipts.push_back(failed(ReceiptOutcome::failed_temporary, "unreachable", delay));
      break;
    case Behaviour::failed_for_good:
      receipts.push_back(failed(ReceiptOutcome::failed_permanent, "blocked", delay));
      break;
    case Behaviour::silent: break;
    case Behaviour::late: receipts.push_back(delivered(late)); break;
    case Behaviour::duplicate: receipts.assign(receipts_of_duplicate, delivered(delay)); break;
    case Behaviour::early:
      receipts.push_back(delivered(Milliseconds{0}));
      receipts.back().early = true;
      break;
    case Behaviour::accepted_first:
      receipts.push_back(not_final(delay / 2));
      receipts.push_back(delivered(delay));
      break;
    case Behaviour::unknown_lost: return set_answer(v, Answer::unknown, "cut");
    case Behaviour::unknown_delivered:
      set_answer(v, Answer::unknown, "cut");
      receipts.push_back(delivered(delay));
      break;
  }
}

/// Draws the answer. True when the message goes out, and receipts follow.
bool draw_answer(Verdict& v, const NetworkSettings& s, Draws& draws) {
  double at = draws.share();
  const auto falls_in = [&at](double share) {
    const bool hit = at < share;
    at -= share;
    return hit;
  };
  if (falls_in(s.refuse_temporary)) return set_answer(v, Answer::refused_temporary, "busy"), false;
  if (falls_in(s.refuse_for_good))
    return set_answer(v, Answer::refused_for_good, "invalid_number"), false;
  if (falls_in(s.opted_out)) return set_answer(v, Answer::opted_out, "opted_out"), false;
  if (falls_in(s.throttle)) {
    v.retry_after = s.retry_after;
    return set_answer(v, Answer::throttled, "throttled"), false;
  }
  if (falls_in(s.unknown)) {
    set_answer(v, Answer::unknown, "cut");
    return draws.happens(s.unknown_delivers);
  }
  return true;
}

void draw_receipts(Verdict& v, const NetworkSettings& s, Draws& draws, Milliseconds delay) {
  if (draws.happens(s.accepted_first)) v.receipts.push_back(not_final(delay / 2));
  if (draws.happens(s.loss)) return;
  double at = draws.share();
  PlannedReceipt last = delivered(delay);
  if (at < s.fail_temporary) {
    last = failed(ReceiptOutcome::failed_temporary, "unreachable", delay);
  } else if (at < s.fail_temporary + s.fail_for_good) {
    last = failed(ReceiptOutcome::failed_permanent, "blocked", delay);
  } else if (draws.happens(s.carrier_proof)) {
    last = delivered(delay, Proof::carrier);
  }
  if (draws.happens(s.late_receipts)) {
    last.delay = s.late_by + delay;
  } else if (v.answer == Answer::accepted && draws.happens(s.early_receipts)) {
    last.early = true;
    last.delay = Milliseconds{0};
  }
  v.receipts.push_back(last);
  if (draws.happens(s.duplicate_receipts)) {
    v.receipts.push_back(last);
    v.receipts.back().early = false;
    v.receipts.back().delay += draws.between(s.receipt_min, s.receipt_max);
  }
}

}  // namespace

std::span<const SimulatedNumber> simulated_numbers() { return numbers; }

std::optional<Behaviour> behaviour_of(std::string_view e164) {
  for (const auto& number : numbers)
    if (number.e164 == e164) return number.behaviour;
  return std::nullopt;
}

Verdict SimulatedNetwork::judge(std::string_view to, const domain::NotificationId& reference,
                                int attempt) const {
  Draws draws{settings_.seed, reference, attempt};
  Verdict verdict;
  verdict.latency = settings_.latency + draws.between(Milliseconds{0}, settings_.latency_jitter);
  const auto delay = draws.between(settings_.receipt_min, settings_.receipt_max);
  if (const auto behaviour = behaviour_of(to)) {
    apply_behaviour(verdict, *behaviour, attempt, delay, settings_.late_by + delay);
  } else if (draw_answer(verdict, settings_, draws)) {
    draw_receipts(verdict, settings_, draws, delay);
  }
  return verdict;
}

std::string message_id(const domain::NotificationId& reference, int attempt) {
  return "sim-" + domain::to_string(reference) + "-" + std::to_string(attempt);
}

bool PartsMeter::admit(domain::TimePoint now, int parts) {
  if (limit_ <= 0) return true;
  while (!passed_.empty() && passed_.front().at + std::chrono::seconds{1} <= now) {
    within_ -= passed_.front().parts;
    passed_.pop_front();
  }
  if (within_ + parts > limit_) return false;
  within_ += parts;
  passed_.push_back({now, parts});
  return true;
}

}  // namespace postrider::adapters::simulator
