// The states of a notification and the triggers that move it, with the texts that the API, the
// database and the logs have for them. The table of moves is in lifecycle.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace postrider::domain {

enum class State : std::uint8_t {
  accepted,       // stored, to be sent by SMS
  deferred,       // waits for a time
  sending_sms,    // intent durable, money reserved, lease running
  unknown,        // may have gone out; never sent again by SMS
  sms_sent,       // the carrier has it
  email_due,      // to go by e-mail, with the reason
  sending_email,  // lease running
  delivered,
  emailed,
  no_contact,
  superseded,
  discarded,
  bounced,  // the mail came back or was given up; an operator may move it
  dead,     // dead letter: only an operator moves it
};
inline constexpr std::size_t state_count = 14;

enum class Trigger : std::uint8_t {
  sms_claimed,
  postponed,      // by quiet hours, or a held breaker
  woken,          // its time has come
  newer_told,     // the customer was told of a later status of the same order
  sms_ruled_out,  // opted out, number bad, no money, price unknown, not_after passed
  carrier_accepted,
  refused_try_again,  // definite refusal, tries left
  refused_for_good,   // definite refusal, none left
  outcome_unknown,    // anything that is not a definite answer, or the lease expired
  receipt_delivered,
  receipt_failed,
  receipt_overdue,
  email_claimed,
  mail_accepted,
  mail_try_again,  // refused for now, in doubt, or the lease expired
  mail_failed,     // refused for good, or for longer than the policy waits
  no_address,
  mail_bounced,
  replayed_by_sms,    // operator; only if no SMS was ever submitted
  replayed_by_email,  // operator
  discarded_by_operator,
};
inline constexpr std::size_t trigger_count = 21;

/// The text of a value; parse_state(): nullopt for any other text.
std::string_view name(State state);
std::string_view name(Trigger trigger);
std::optional<State> parse_state(std::string_view text);

/// True for states that no clock moves: only an operator (dead, bounced) or a bounce (emailed) can.
constexpr bool is_end(State s) { return s >= State::delivered; }

/// The states that time moves: all but the ends.
inline constexpr auto moving_states = [] {
  std::array<State, static_cast<std::size_t>(State::delivered)> states{};
  for (std::size_t i = 0; i < states.size(); ++i) states[i] = static_cast<State>(i);
  return states;
}();

/// True for ends that retention may delete. Dead letters stay until an operator moves them.
constexpr bool may_expire(State s) { return is_end(s) && s != State::dead; }

}  // namespace postrider::domain
