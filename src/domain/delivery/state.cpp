#include "domain/delivery/state.hpp"

namespace postrider::domain {
namespace {

constexpr std::array<std::string_view, state_count> state_names{
    "accepted",  "deferred", "sending_sms", "unknown",    "sms_sent",  "email_due", "sending_email",
    "delivered", "emailed",  "no_contact",  "superseded", "discarded", "bounced",   "dead"};

constexpr std::array<std::string_view, trigger_count> trigger_names{
    "sms_claimed",       "postponed",         "woken",
    "newer_told",        "sms_ruled_out",     "carrier_accepted",
    "refused_try_again", "refused_for_good",  "outcome_unknown",
    "receipt_delivered", "receipt_failed",    "receipt_overdue",
    "email_claimed",     "mail_accepted",     "mail_try_again",
    "mail_failed",       "no_address",        "mail_bounced",
    "replayed_by_sms",   "replayed_by_email", "discarded_by_operator"};

}  // namespace

std::string_view name(State state) { return state_names[static_cast<std::size_t>(state)]; }
std::string_view name(Trigger trigger) { return trigger_names[static_cast<std::size_t>(trigger)]; }

std::optional<State> parse_state(std::string_view text) {
  for (std::size_t i = 0; i < state_count; ++i)
    if (state_names[i] == text) return static_cast<State>(i);
  return std::nullopt;
}

}  // namespace postrider::domain
