// The fault behind an answer of a provider that did not take a message: whose it is. What it costs
// and when the message is offered again follows from the fault alone, for every protocol. Each
// protocol has one table of its answers, in its adapter; docs/whose_fault.md shows them all. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace postrider::domain {

enum class Fault : std::uint8_t {
  message,       // this message for good: its text, its size
  recipient,     // this recipient for good
  no_recipient,  // as `recipient`: the number or address does not exist
  opted_out,     // the recipient wants none
  passing,       // this message or recipient, for now
  sender,        // our sender's name, number or address
  country,       // the recipient's country, for our account
  throttled,     // we are too fast
  server,        // the server or the way to it
  process,       // this process alone: its clock, its credentials
  account,       // our account
  unknown,       // no definite answer: the message may have gone out
};
inline constexpr std::size_t fault_count = 12;

/// What waits because of a fault.
enum class Hold : std::uint8_t {
  nothing,
  country,  // the messages to this country
  line,     // all messages
  account,  // all messages, until it is proven that the account is in order
};

/// What follows from a fault.
struct FaultEffect {
  Fault fault = Fault::unknown;
  std::string_view name;
  Hold hold = Hold::nothing;
  bool of_message = false;  // the message is at fault, or its recipient: it ends, or uses a try
  // In words, for the documentation:
  std::string_view whose;
  std::string_view sms;
  std::string_view email;
};
const FaultEffect& effect_of(Fault fault);
std::span<const FaultEffect, fault_count> fault_effects();
/// nullopt where `name` is no fault's.
std::optional<Fault> parse_fault(std::string_view name);

/// The fault of one kind of answer.
struct FaultRow {
  /// Words that are compared with the words of an answer at the same places; "4*" is any that
  /// begins with 4. Words that the row lacks may be anything.
  std::string_view answer;
  Fault fault = Fault::unknown;
  std::string_view means = {};  // for people, where the answer does not speak for itself
};

/// The fault of the first row that fits; nullopt where none does.
std::optional<Fault> find_fault(std::span<const FaultRow> table, std::string_view answer);

}  // namespace postrider::domain
