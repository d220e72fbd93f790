#include "domain/reason.hpp"

#include <algorithm>
#include <array>

namespace postrider::domain {
namespace {

struct Row {
  Reason reason;
  std::string_view code;
  ReasonClass of;
  std::string_view sentence;
};

using enum Reason;
using Class = ReasonClass;

constexpr std::array table{
    Row{none, "", Class::none, ""},
    Row{phone_missing, "phone_missing", Class::number, "The customer has no phone number."},
    Row{phone_empty, "phone_empty", Class::number, "The phone number is empty."},
    Row{phone_not_a_number, "phone_not_a_number", Class::number,
        "What was given as the phone number is no number."},
    Row{phone_too_short, "phone_too_short", Class::number, "The phone number is too short."},
    Row{phone_too_long, "phone_too_long", Class::number, "The phone number is too long."},
    Row{phone_unknown_region, "phone_unknown_region", Class::number,
        "The phone number has no country code, and no region was given."},
    Row{phone_unknown_country_code, "phone_unknown_country_code", Class::number,
        "The country code of the phone number does not exist."},
    Row{phone_invalid, "phone_invalid", Class::number, "There is no such phone number."},
    Row{phone_extension, "phone_extension", Class::number,
        "The phone number has an extension, which gets no SMS."},
    Row{phone_letters, "phone_letters", Class::number, "The phone number has letters in it."},
    Row{phone_fixed_line, "phone_fixed_line", Class::number,
        "The phone number is a fixed line, which gets no SMS."},
    Row{phone_toll_free, "phone_toll_free", Class::number,
        "The phone number is toll-free and gets no SMS."},
    Row{phone_premium_rate, "phone_premium_rate", Class::number,
        "The phone number charges a premium; no SMS is sent there."},
    Row{phone_shared_cost, "phone_shared_cost", Class::number,
        "The phone number shares its costs with the caller and gets no SMS."},
    Row{phone_pager, "phone_pager", Class::number, "The phone number is a pager."},
    Row{phone_uan, "phone_uan", Class::number, "The phone number is a company's and gets no SMS."},
    Row{phone_voicemail, "phone_voicemail", Class::number, "The phone number is a voice mailbox."},
    Row{opted_out, "opted_out", Class::consent, "The number has opted out of SMS."},
    Row{sms_not_wanted, "sms_not_wanted", Class::consent, "The customer does not want SMS."},
    Row{country_not_allowed, "country_not_allowed", Class::abuse,
        "The country is not among those that get SMS (sms.countries)."},
    Row{too_many_to_number, "too_many_to_number", Class::abuse,
        "Too many SMS went to this number in an hour."},
    Row{too_many_to_prefix, "too_many_to_prefix", Class::abuse,
        "Too many SMS went to numbers of this block in an hour."},
    Row{too_many_to_country, "too_many_to_country", Class::abuse,
        "Too many SMS went to this country in an hour."},
    Row{price_unknown, "price_unknown", Class::money,
        "The price of an SMS to this country is not known."},
    Row{too_dear, "too_dear", Class::money,
        "The SMS would cost more than one message may (sms.max_price)."},
    Row{no_money, "no_money", Class::money, "The monthly limit (sms.monthly_limit) is used up."},
    Row{no_money_today, "no_money_today", Class::money,
        "The daily limit (sms.daily_limit) is used up."},
    Row{too_late, "too_late", Class::time,
        "The time in which an SMS is worth sending (sms.not_after) was over."},
    Row{no_receipt, "no_receipt", Class::carrier,
        "The carrier did not report a delivery in time (sms.receipt_wait)."},
    Row{sms_refused, "sms_refused", Class::carrier, "The carrier refused the SMS."},
    Row{sms_undelivered, "sms_undelivered", Class::carrier,
        "The carrier could not deliver the SMS."},
    Row{no_email, "no_email", Class::address, "The customer has no e-mail address."},
    Row{address_blocked, "address_blocked", Class::address,
        "The e-mail address bounced or complained before."},
    Row{email_not_wanted, "email_not_wanted", Class::address, "The customer does not want e-mail."},
    Row{mail_failed, "mail", Class::address, "The mail server refused the mail."},
};
static_assert(table.size() == reason_count);

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].reason) != i) return false;
  return true;
}
static_assert(in_order(), "a reason's row is found by its number");

constexpr std::string_view phone_prefix = "phone_";

const Row& row_of(Reason reason) { return table[static_cast<std::size_t>(reason)]; }

}  // namespace

std::string_view code(Reason reason) { return row_of(reason).code; }
std::string_view sentence(Reason reason) { return row_of(reason).sentence; }
ReasonClass class_of(Reason reason) { return row_of(reason).of; }

std::optional<Reason> parse_reason(std::string_view code) {
  const auto word = code.substr(0, code.find(':'));
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Row& row) { return row.code == word; });
  if (found == table.end()) return std::nullopt;
  return found->reason;
}

Reason phone_reason(std::string_view problem) {
  if (problem.empty()) return none;
  for (const auto& row : table)
    if (row.of == Class::number && row.code.substr(phone_prefix.size()) == problem)
      return row.reason;
  return phone_invalid;
}

std::string_view phone_problem(Reason reason) {
  if (class_of(reason) != Class::number) return {};
  return code(reason).substr(phone_prefix.size());
}

}  // namespace postrider::domain
