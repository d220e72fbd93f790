#include "domain/delivery/lifecycle.hpp"

#include <array>

namespace postrider::domain {
namespace {

using enum State;
using enum Trigger;

constexpr std::array table{
    Move{accepted, sms_claimed, sending_sms},
    Move{accepted, postponed, deferred},
    Move{accepted, sms_ruled_out, email_due},
    Move{accepted, newer_told, superseded},
    Move{accepted, receipt_delivered, delivered},
    Move{deferred, woken, accepted},
    Move{deferred, newer_told, superseded},
    Move{deferred, sms_ruled_out, email_due},
    Move{deferred, receipt_delivered, delivered},
    Move{sending_sms, carrier_accepted, sms_sent},
    Move{sending_sms, refused_try_again, accepted},
    Move{sending_sms, refused_for_good, email_due},
    Move{sending_sms, outcome_unknown, unknown},
    Move{sending_sms, receipt_delivered, delivered},
    Move{sending_sms, receipt_failed, email_due},
    Move{unknown, carrier_accepted, sms_sent},
    Move{unknown, receipt_delivered, delivered},
    Move{unknown, receipt_failed, email_due},
    Move{unknown, receipt_overdue, email_due},
    Move{sms_sent, receipt_delivered, delivered},
    Move{sms_sent, receipt_failed, email_due},
    Move{sms_sent, receipt_overdue, email_due},
    Move{email_due, receipt_delivered, delivered},
    Move{email_due, email_claimed, sending_email},
    Move{email_due, no_address, dead},
    Move{email_due, newer_told, superseded},
    Move{email_due, mail_accepted, emailed},
    Move{sending_email, mail_accepted, emailed},
    Move{sending_email, mail_try_again, email_due},
    Move{sending_email, mail_failed, dead},
    Move{emailed, mail_bounced, bounced},
    Move{bounced, replayed_by_sms, accepted},
    Move{bounced, replayed_by_email, email_due},
    Move{bounced, discarded_by_operator, discarded},
    Move{dead, replayed_by_sms, accepted},
    Move{dead, replayed_by_email, email_due},
    Move{dead, discarded_by_operator, discarded},
};

constexpr auto index_of_moves() {
  std::array<std::array<std::int8_t, trigger_count>, state_count> index{};
  for (auto& row : index) row.fill(-1);
  for (const auto& move : table)
    index[static_cast<std::size_t>(move.from)][static_cast<std::size_t>(move.trigger)] =
        static_cast<std::int8_t>(move.to);
  return index;
}

}  // namespace

std::span<const Move> moves() { return table; }

std::optional<State> next_state(State from, Trigger trigger) {
  static constexpr auto index = index_of_moves();
  const auto to = index[static_cast<std::size_t>(from)][static_cast<std::size_t>(trigger)];
  if (to < 0) return std::nullopt;
  return static_cast<State>(to);
}

std::string draw_lifecycle() {
  std::string page =
      "# Life cycle of a notification\n\n"
      "Made from the table in `src/domain/delivery/lifecycle.cpp`; a tidy test compares the "
      "two.\n\n"
      "```mermaid\nstateDiagram-v2\n"
      "  [*] --> accepted\n  [*] --> deferred: over the throttle\n"
      "  [*] --> email_due: no phone, opted out\n  [*] --> no_contact\n";
  for (const auto& move : table) {
    page.append("  ").append(name(move.from)).append(" --> ").append(name(move.to));
    page.append(": ").append(name(move.trigger)).append("\n");
  }
  for (std::size_t i = 0; i < state_count; ++i) {
    const auto state = static_cast<State>(i);
    if (is_end(state)) page.append("  ").append(name(state)).append(" --> [*]\n");
  }
  page += "```\n\n| in state | on | goes to |\n|---|---|---|\n";
  for (const auto& move : table) {
    page.append("| `").append(name(move.from)).append("` | `").append(name(move.trigger));
    page.append("` | `").append(name(move.to)).append("` |\n");
  }
  page += "\nAnything that is not in the table changes nothing.\n";
  return page;
}

}  // namespace postrider::domain
