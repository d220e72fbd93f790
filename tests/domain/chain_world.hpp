// The world of test_never_backwards.cpp: an order's statuses, the workers that carry them, and what
// can happen to each status. Small, because a search keeps millions. Test code only.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "domain/delivery/chain.hpp"
#include "domain/delivery/decide.hpp"
#include "sample.hpp"

namespace postrider::domain::chain_world {

constexpr std::size_t messages = 3;
constexpr std::size_t workers = 2;

enum class Phase : std::uint8_t { idle, looked, claimed, took, refused, refused_for_good, silent };

/// One status of the order; its rank is its place in the array. Small, because a search has
/// millions.
struct Message {
  std::uint8_t state = 0;                              // State; 15: not taken in yet
  std::uint8_t sms_submitted = 0, mail_submitted = 0;  // its tries never end

  unsigned packed() const { return state | sms_submitted << 4U | mail_submitted << 5U; }
  State is() const { return static_cast<State>(state); }
};
constexpr std::uint8_t absent = 15;
constexpr unsigned message_bits = 6;

struct Worker {
  Phase phase = Phase::idle;
  std::uint8_t message = 0;
  bool by_sms = false;
  bool row_unchanged = false;  // since it looked
  bool fence_unmoved = false;
  bool owns = false;      // its claim is the last of the message
  bool in_lease = false;  // and has not ended
  std::uint8_t told = 0;  // of the fence as it will write it: rank + 1

  unsigned packed() const {
    if (phase == Phase::idle) return 0;
    return static_cast<unsigned>(phase) | message << 3U | unsigned{by_sms} << 5U |
           unsigned{row_unchanged} << 6U | unsigned{fence_unmoved} << 7U | unsigned{owns} << 8U |
           unsigned{in_lease} << 9U | told << 10U;
  }
};

struct World {
  std::array<Message, messages> order;
  std::array<Worker, workers> staff;
  std::uint8_t fence_told = 0, fence_last = 0;  // rank + 1; 0: none
  std::uint8_t given = 0;                       // the highest rank on a wire so far, + 1
  std::uint8_t deaths = 0;

  /// The same number for worlds from which the same can follow: workers have no names.
  unsigned __int128 packed() const {
    unsigned __int128 key = fence_told | fence_last << 2U | given << 4U | deaths << 6U;
    for (const auto& message : order) key = key << message_bits | message.packed();
    const auto [low, high] = std::minmax(staff[0].packed(), staff[1].packed());
    return key << 24U | low << 12U | high;
  }
};

struct Hash {
  std::size_t operator()(unsigned __int128 key) const {
    const auto mixed = static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15U ^
                       static_cast<std::uint64_t>(key >> 64U) * 0xbf58476d1ce4e5b9U;
    return static_cast<std::size_t>(mixed ^ mixed >> 29U);
  }
};

inline Rank rank_of_place(std::size_t place) {
  return {static_cast<std::int64_t>(place), static_cast<std::int64_t>(place), {}};
}
inline std::optional<Rank> rank_in(std::uint8_t place_plus_one) {
  if (place_plus_one == 0) return std::nullopt;
  return rank_of_place(place_plus_one - 1U);
}
inline std::uint8_t plus_one(const std::optional<Rank>& rank) {
  return static_cast<std::uint8_t>(rank ? rank->at + 1 : 0);
}

constexpr int own = 2;    // the number of the message's last attempt
constexpr int other = 1;  // of an earlier one

/// What can happen to a message, by number: the first by its attempt, owned or not. What leads from
/// one end that was told to another is left out.
inline std::vector<Input> all_inputs() {
  std::vector<Input> inputs;
  for (const int no : {own, other}) {
    inputs.emplace_back(sample::took(no));
    inputs.emplace_back(sample::refused(false, no));
    inputs.emplace_back(sample::refused(true, no));
    inputs.emplace_back(sample::lost(true, no));
    inputs.emplace_back(MailAccepted{no, sample::mail_submission(Submitted::accepted)});
    for (const bool for_good : {false, true})
      inputs.emplace_back(MailRefused{no, sample::mail_submission(Submitted::refused), for_good});
    inputs.emplace_back(MailInDoubt{no, sample::mail_submission(Submitted::unknown)});
  }
  inputs.emplace_back(sample::lost(false, own));
  inputs.emplace_back(MailLeaseExpired{});
  inputs.emplace_back(ReceiptCame{own, sample::receipt(ReceiptOutcome::failed_permanent)});
  inputs.emplace_back(SmsRuledOut{Reason::too_late});
  inputs.emplace_back(NoAddress{Reason::no_email});
  inputs.emplace_back(NewerTold{});
  return inputs;
}
enum Of : std::size_t { took, refused, refused_for_good, lost, mailed, put_off, bounced, doubtful };
constexpr std::size_t of_other = 8;  // more, where the attempt is an earlier one
constexpr std::size_t by_themselves = 16, newer_told = 21;

inline Notification notification(const Message& m) {
  auto n = sample::notification(m.is());
  n.sms_submitted = m.sms_submitted != 0;
  n.mail_submitted = m.mail_submitted != 0;
  n.attempts = own;
  n.sms_tries = n.email_tries = 0;
  n.reserved = {};
  n.budget_day = 0;
  n.due_at = sample::now;
  return n;
}

/// decide(), worked out once for each message and input.
class Decisions {
 public:
  std::optional<Message> of(const Message& m, std::size_t input) {
    auto& known = known_[m.packed() * inputs_.size() + input];
    if (!known) known = decided(m, inputs_[input]);
    return *known;
  }

 private:
  std::optional<Message> decided(const Message& m, const Input& input) const {
    const auto change = decide(notification(m), input, policy_, sample::now);
    if (!change || !change->to) return std::nullopt;
    return Message{static_cast<std::uint8_t>(*change->to), change->sms_submitted,
                   change->mail_submitted};
  }

  const Policy policy_;
  const std::vector<Input> inputs_ = all_inputs();
  std::vector<std::optional<std::optional<Message>>> known_ =
      std::vector<std::optional<std::optional<Message>>>(inputs_.size() << message_bits);
};

}  // namespace postrider::domain::chain_world
