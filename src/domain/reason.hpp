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

/// The class of a reason: what the message failed on. Stages and texts ask for the class, never for
/// parts of a code.
enum class ReasonClass : std::uint8_t {
  none,
  number,   // there is no phone number that an SMS can reach
  consent,  // the customer has refused this channel
  abuse,    // the shop's rules against abuse: countries, SMS an hour
  money,    // the price or the limits
  time,     // it took too long
  carrier,  // the carrier refused the SMS or could not deliver it
  address,  // the e-mail address, or the mail itself
};

/// The code of a reason, such as "too_late". `mail_failed` has "mail"; a record has the mail
/// server's code behind it, "mail:550".
std::string_view code(Reason reason);
/// One English sentence that says why, for operators and support; empty for `none`.
std::string_view sentence(Reason reason);
ReasonClass class_of(Reason reason);

/// The reason with this code; nullopt where there is none, as in records of other versions. The
/// detail behind a colon ("mail:550") is ignored.
std::optional<Reason> parse_reason(std::string_view code);

/// The reason for the code of a phone number's problem that customers' records have: "too_short"
/// gives phone_too_short, an unknown code phone_invalid, an empty one none.
Reason phone_reason(std::string_view problem);
/// The code of the problem for such a reason: phone_too_short gives "too_short"; empty for reasons
/// of other classes.
std::string_view phone_problem(Reason reason);

}  // namespace postrider::domain
