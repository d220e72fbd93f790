// A carrier's network as a pure function: its answer to one submission and the receipts that
// follow, from the settings, a seed and the message alone. No clock, thread or randomness, so that
// a run repeats exactly. The carrier in the process and the separate simulator process both use it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/delivery/attempt.hpp"

namespace postrider::adapters::simulator {

/// The behaviour of the network. Shares are fractions from 0 to 1. The shares of the answers are
/// taken one after the other from one draw, so that their sum should be at most 1; the remaining
/// submissions are accepted.
struct NetworkSettings {
  std::uint64_t seed = 1;
  domain::Milliseconds latency{0};         // before each answer
  domain::Milliseconds latency_jitter{0};  // the longest addition to `latency`

  // The answer.
  double refuse_temporary = 0;
  double refuse_for_good = 0;
  double opted_out = 0;
  double throttle = 0;
  double unknown = 0;             // the connection is cut after the request was read
  double unknown_delivers = 0.5;  // share of unknown submissions whose SMS goes out
  int throttle_above = 0;         // parts in any second; 0: no limit (see PartsMeter)
  domain::Milliseconds retry_after{200};

  // The receipts of accepted submissions.
  double loss = 0;  // no final receipt ever
  double fail_temporary = 0;
  double fail_for_good = 0;
  double carrier_proof = 0;   // the final receipt only says "accepted by the carrier"
  double accepted_first = 0;  // a receipt that is not final comes first
  double duplicate_receipts = 0;
  double early_receipts = 0;  // the receipt comes before the answer
  double late_receipts = 0;   // the receipt comes after `late_by`
  domain::Milliseconds receipt_min{20};
  domain::Milliseconds receipt_max{300};
  domain::Milliseconds late_by = std::chrono::minutes{16};  // later than the default deadline
};

/// The network's answer to a submission.
enum class Answer : std::uint8_t {
  accepted,
  refused_temporary,
  refused_for_good,
  opted_out,
  throttled,
  unknown,
};

/// A receipt that follows a submission.
struct PlannedReceipt {
  domain::ReceiptOutcome outcome = domain::ReceiptOutcome::delivered;
  domain::Proof proof = domain::Proof::none;
  std::string_view detail;       // a code; static storage
  domain::Milliseconds delay{};  // after the answer
  bool early = false;            // before the answer; `delay` does not count
};

/// Everything that the network does with one submission.
struct Verdict {
  Answer answer = Answer::accepted;
  std::string_view code;  // static storage; empty for `accepted`
  domain::Milliseconds latency{};
  domain::Milliseconds retry_after{};  // with `throttled`
  std::vector<PlannedReceipt> receipts;
};

/// The behaviour of a simulated number. It overrides all settings but the times.
enum class Behaviour : std::uint8_t {
  delivered,                 // accepted, delivered to the handset
  delivered_to_carrier,      // accepted; the only receipt says "accepted by the phone's carrier"
  temporary_then_delivered,  // refused for now at the first attempt, accepted at the next
  refused_temporary,         // refused for now, always
  refused_for_good,          // refused, number invalid
  opted_out,                 // refused, on the carrier's own list of opt-outs
  opted_out_receipt,         // accepted, then a receipt says "opted out"
  failed_temporary,          // accepted, then a receipt says "unreachable"
  failed_for_good,           // accepted, then a receipt says "blocked"
  silent,                    // accepted, no receipt ever
  late,                      // accepted, delivered after the deadline (NetworkSettings::late_by)
  duplicate,                 // accepted, the same receipt three times
  early,                     // the receipt comes before the answer
  accepted_first,            // a receipt that is not final, then the final one
  unknown_lost,              // cut after the request was read; nothing went out
  unknown_delivered,         // cut after the request was read; the SMS went out, a receipt says so
};

struct SimulatedNumber {
  std::string_view e164;
  Behaviour behaviour;
};

/// All simulated numbers: AWS's public simulator destinations (in nine countries, one that succeeds
/// and one that fails each) and Postrider's own, from the range that North America keeps for
/// fiction (+1 202 555 0100 to 0199). libphonenumber takes all of them as valid.
/// | +1 202 555 …  | behaviour |
/// |---|---|
/// | 0100 | delivered, proof handset |
/// | 0101 | delivered, proof carrier |
/// | 0102 | refused for now at the first attempt, then delivered |
/// | 0103 | refused for good |
/// | 0104 | silent |
/// | 0105 | delivered after the deadline |
/// | 0106 | the delivery receipt comes three times |
/// | 0107 | refused: opted out |
/// | 0108 | outcome unknown, nothing went out |
/// | 0109 | outcome unknown, the SMS went out and a receipt says so |
/// | 0110 | failure receipt: unreachable |
/// | 0111 | failure receipt: blocked |
/// | 0112 | "accepted" receipt, then "delivered" |
/// | 0113 | receipt before the answer |
/// | 0114 | receipt: opted out |
/// | 0115 | refused for now, always |
std::span<const SimulatedNumber> simulated_numbers();

/// The behaviour of a simulated number; nullopt for any other number.
std::optional<Behaviour> behaviour_of(std::string_view e164);

class SimulatedNetwork {
 public:
  explicit SimulatedNetwork(NetworkSettings settings) : settings_{settings} {}

  /// The network's verdict on one submission: always the same for the same arguments and settings.
  Verdict judge(std::string_view to, const domain::NotificationId& reference, int attempt) const;

  const NetworkSettings& settings() const { return settings_; }

 private:
  NetworkSettings settings_;
};

/// The id that the network gives a submission: "sim-", reference, "-", attempt.
std::string message_id(const domain::NotificationId& reference, int attempt);

/// A limit of SMS parts in any second, as carriers keep it. Not thread-safe; `now` must not go
/// backwards.
class PartsMeter {
 public:
  explicit PartsMeter(int parts_a_second) : limit_{parts_a_second} {}
  /// True: the parts are let through and counted. Always true where the limit is 0.
  bool admit(domain::TimePoint now, int parts);

 private:
  struct Passed {
    domain::TimePoint at;
    int parts;
  };
  int limit_;
  int within_ = 0;
  std::deque<Passed> passed_;
};

}  // namespace postrider::adapters::simulator
