#include "domain/delivery/fault.hpp"

#include <algorithm>
#include <array>

namespace postrider::domain {
namespace {

constexpr std::string_view by_email = "no further SMS; an e-mail follows at once";
constexpr std::string_view dead = "a dead letter";
constexpr std::string_view line_sms =
    "no try; all wait, a probe goes after 0.5 s, the next each after twice as long, up to 30 s";
constexpr std::string_view line_email =
    "no try; all wait, a probe goes after 0.5 s, the next each after twice as long, up to 5 "
    "minutes";
constexpr std::string_view account_line = "no try; all wait, a probe goes every 15 minutes";
constexpr std::string_view account_email =
    "as `server`; counted in `account_problems`, an error in the log";
constexpr std::string_view country_line =
    "no try; all to this country wait, a probe goes every 15 minutes";

constexpr std::array<FaultEffect, fault_count> effects{{
    {Fault::message, "message", Hold::nothing, true, "this message's", by_email, dead},
    {Fault::recipient, "recipient", Hold::nothing, true, "this recipient's", by_email, dead},
    {Fault::no_recipient, "no_recipient", Hold::nothing, true, "this recipient's: there is none",
     by_email, "a dead letter; the address is blocked"},
    {Fault::opted_out, "opted_out", Hold::nothing, true, "this recipient's wish",
     "no further SMS; the number is kept as opted out; an e-mail follows at once", dead},
    {Fault::passing, "passing", Hold::nothing, true, "this message's or recipient's, for now",
     "a try (`sms.tries`); again after `sms.backoff`, growing",
     "again after `email.backoff`, growing to 30 minutes; a dead letter when these waits are "
     "`email.give_up` together"},
    {Fault::sender, "sender", Hold::country, false, "our sender's name, number or address",
     country_line, account_email},
    {Fault::country, "country", Hold::country, false, "our account's in this country", country_line,
     "does not occur"},
    {Fault::throttled, "throttled", Hold::line, false, "ours: too fast", line_sms, line_email},
    {Fault::server, "server", Hold::line, false, "the server's, or of the way to it", line_sms,
     line_email},
    {Fault::process, "process", Hold::line, false, "this process's: its clock, its credentials",
     "no try; once more at once with the server's time or fresh credentials, then as `server`, for "
     "this process alone",
     "as for SMS"},
    {Fault::account, "account", Hold::account, false, "our account's", account_line, account_email},
    {Fault::unknown, "unknown", Hold::line, false, "nobody knows; it may have gone out",
     "this SMS never again: a receipt is awaited, then an e-mail follows; `sms.unknown_run` in a "
     "row "
     "close the line, the wait for a probe grows to 5 minutes",
     "never a dead letter; again after `email.backoff`, growing to 30 minutes, with the same "
     "Message-ID; all others as `server`"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < effects.size(); ++i)
    if (static_cast<std::size_t>(effects[i].fault) != i) return false;
  return true;
}
static_assert(in_order(), "the effect of a fault is found by its number");

/// Takes the first word off `text`; empty where there is none.
std::string_view take_word(std::string_view& text) {
  const auto word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), word.size() + 1));
  return word;
}

bool word_fits(std::string_view pattern, std::string_view word) {
  if (!pattern.ends_with('*')) return pattern == word;
  pattern.remove_suffix(1);
  return word.starts_with(pattern);
}

bool fits(std::string_view pattern, std::string_view answer) {
  while (!pattern.empty())
    if (!word_fits(take_word(pattern), take_word(answer))) return false;
  return true;
}

}  // namespace

const FaultEffect& effect_of(Fault fault) { return effects[static_cast<std::size_t>(fault)]; }
std::span<const FaultEffect, fault_count> fault_effects() { return effects; }

std::optional<Fault> parse_fault(std::string_view name) {
  for (const auto& effect : effects)
    if (effect.name == name) return effect.fault;
  return std::nullopt;
}

std::optional<Fault> find_fault(std::span<const FaultRow> table, std::string_view answer) {
  for (const auto& row : table)
    if (fits(row.answer, answer)) return row.fault;
  return std::nullopt;
}

}  // namespace postrider::domain
