// The reasons why a message does not go by SMS, or cannot go by e-mail: one table with the code of
// each (in records, the API and logs), a sentence for people, and the class that it belongs to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postrider::domain {

enum class Reason : std::uint8_t {
  none,
  phone_missing,
  phone_empty,
  phone_not_a_number,
  phone_too_short,
  phone_too_long,
  phone_unknown_region,
  phone_unknown_country_code,
  phone_invalid,
  phone_extension,
  phone_letters,
  phone_fixed_line,
  phone_toll_free,
  phone_premium_rate,
  phone_shared_cost,
  phone_pager,
  phone_uan,
  phone_voicemail,
  opted_out,
  sms_not_wanted,
  country_not_allowed,
  too_many_to_number,
  too_many_to_prefix,
  too_many_to_country,
  price_unknown,
  too_dear,
  no_money,
  no_money_today,
  too_late,
  no_receipt,
  sms_refused,
  sms_undelivered,
  no_email,
  address_blocked,
  email_not_wanted,
  mail_failed,
};
inline constexpr std::size_t reason_count = 36;

/// Whose matter a reason is. Stages and texts ask for the class, never for parts of a code.
enum class ReasonClass : std::uint8_t {
  none,
  number,   // there is no phone number that an SMS can reach
  consent,  // the customer wants none
  abuse,    // the shop's rules against abuse: countries, SMS an hour
  money,    // the price or the limits
  time,     // it took too long
  carrier,  // the carrier refused it or could not deliver it
  address,  // the e-mail address, or the mail itself
};

/// "too_late". Of `mail_failed` the code is "mail"; a record has the mail server's code behind it,
/// "mail:550".
std::string_view code(Reason reason);
/// One English sentence that says why, for operators and support; empty for `none`.
std::string_view sentence(Reason reason);
ReasonClass class_of(Reason reason);

/// The reason with this code; nullopt where there is none, as in records of other versions. A code
/// with a detail behind a colon ("mail:550") is that of what stands before it.
std::optional<Reason> parse_reason(std::string_view code);

/// Why a phone number cannot be used, by the code that customers' records have: "too_short" is
/// phone_too_short. A code that nobody knows is phone_invalid; an empty one is none.
Reason phone_reason(std::string_view problem);
/// The opposite: phone_too_short is "too_short"; empty for `none`.
std::string_view phone_problem(Reason reason);

}  // namespace postrider::domain
