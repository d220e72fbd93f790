#include "message/phone/phone.hpp"
#include "message/text/ascii.hpp"

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <unordered_map>

#include "concurrency/mutex.hpp"
#include "message/phone/numbering_plan.hpp"
#include "message/phone/region.hpp"

namespace postrider::message {
namespace {

using Library = i18n::phonenumbers::PhoneNumberUtil;
using Parsed = i18n::phonenumbers::PhoneNumber;
using domain::Reason;

const Library& library() {
  static const Library& instance = []() -> const Library& {
    auto* util = Library::GetInstance();
    // The default logger prints to standard output, and its lines may hold the number.
    util->SetLogger(new i18n::phonenumbers::NullLogger);
    return *util;
  }();
  return instance;
}

constexpr std::size_t max_text_bytes = 250;  // libphonenumber reads no longer text either
constexpr std::size_t min_digits = 4;        // Niue and Tokelau have numbers of four

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string upper(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return result;
}

/// True for what databases and spreadsheets write where there is no number.
bool is_placeholder(std::string_view text) {
  const auto word = upper(text);
  return word.empty() || word == "NULL" || word == "NONE" || word == "N/A" || word == "NA" ||
         word == "-";
}

/// The "+" form of a number that begins with "00"; empty for any other. People write "00" even
/// where another prefix is dialled for abroad.
std::string without_00(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits += c;
  if (!digits.starts_with("00") || digits.starts_with("000")) return {};
  const auto first_zero = text.find('0');
  const auto second_zero = text.find('0', first_zero + 1);
  return "+" + std::string{text.substr(second_zero + 1)};
}

const char* type_name(Library::PhoneNumberType type) {
  switch (type) {
    case Library::FIXED_LINE: return "fixed_line";
    case Library::MOBILE: return "mobile";
    case Library::FIXED_LINE_OR_MOBILE: return "fixed_line_or_mobile";
    case Library::TOLL_FREE: return "toll_free";
    case Library::PREMIUM_RATE: return "premium_rate";
    case Library::SHARED_COST: return "shared_cost";
    case Library::VOIP: return "voip";
    case Library::PERSONAL_NUMBER: return "personal_number";
    case Library::PAGER: return "pager";
    case Library::UAN: return "uan";
    case Library::VOICEMAIL: return "voicemail";
    default: return "unknown";
  }
}

/// The reason why a valid number of this type gets no SMS: no phone behind it shows texts. `none`
/// for types that may be mobile.
Reason problem_of(Library::PhoneNumberType type) {
  switch (type) {
    case Library::FIXED_LINE: return Reason::phone_fixed_line;
    case Library::TOLL_FREE: return Reason::phone_toll_free;
    case Library::PREMIUM_RATE: return Reason::phone_premium_rate;
    case Library::SHARED_COST: return Reason::phone_shared_cost;
    case Library::PAGER: return Reason::phone_pager;
    case Library::UAN: return Reason::phone_uan;
    case Library::VOICEMAIL: return Reason::phone_voicemail;
    default: return Reason::none;
  }
}

Reason problem_of(Library::ErrorType error, bool international) {
  switch (error) {
    case Library::INVALID_COUNTRY_CODE_ERROR:
      return international ? Reason::phone_unknown_country_code : Reason::phone_unknown_region;
    case Library::TOO_SHORT_AFTER_IDD:
    case Library::TOO_SHORT_NSN: return Reason::phone_too_short;
    case Library::TOO_LONG_NSN: return Reason::phone_too_long;
    default: return Reason::phone_not_a_number;
  }
}

Reason problem_of(Library::ValidationResult result) {
  switch (result) {
    case Library::INVALID_COUNTRY_CODE: return Reason::phone_unknown_country_code;
    case Library::TOO_SHORT:
    case Library::IS_POSSIBLE_LOCAL_ONLY:
      return Reason::phone_too_short;  // the area code is missing
    case Library::TOO_LONG: return Reason::phone_too_long;
    default: return Reason::phone_invalid;
  }
}

PhoneNumber refused(Reason problem) {
  PhoneNumber number;
  number.problem = problem;
  return number;
}

PhoneNumber number_of(Library::PhoneNumberType type, std::string e164, std::string country) {
  PhoneNumber number;
  number.e164 = std::move(e164);
  number.country = std::move(country);
  number.type = type_name(type);
  number.problem = problem_of(type);
  return number;
}

PhoneNumber parse(const std::string& text, const std::string& region) {
  const auto& lib = library();
  Parsed parsed;
  const auto error = lib.Parse(text, region, &parsed);
  if (error != Library::NO_PARSING_ERROR) return refused(problem_of(error, text.starts_with('+')));
  // An extension gets no SMS, and the number before it belongs to a whole company.
  if (parsed.has_extension()) return refused(Reason::phone_extension);
  const auto words = upper(text).starts_with("TEL:") ? text.substr(4) : text;
  if (std::any_of(words.begin(), words.end(), is_letter)) return refused(Reason::phone_letters);
  // IsValidNumber() finds the same out and searches for the region once more.
  const auto type = lib.GetNumberType(parsed);
  if (type == Library::UNKNOWN) return refused(problem_of(lib.IsPossibleNumberWithReason(parsed)));

  std::string e164, country;
  lib.Format(parsed, Library::E164, &e164);
  lib.GetRegionCodeForNumber(parsed, &country);
  if (country.size() != 2) country.clear();  // "001": numbers of no country
  return number_of(type, std::move(e164), std::move(country));
}

PhoneNumber normalise(std::string_view raw, std::string_view raw_region) {
  const std::string text{trimmed(raw)};
  if (is_placeholder(text)) return refused(Reason::phone_empty);
  if (text.size() > max_text_bytes) return refused(Reason::phone_too_long);
  std::string digits = text;
  library().NormalizeDigitsOnly(&digits);
  if (digits.empty()) return refused(Reason::phone_not_a_number);
  if (digits.size() < min_digits && std::none_of(text.begin(), text.end(), is_letter))
    return refused(Reason::phone_too_short);

  const std::string region = region_of(raw_region).value_or("ZZ");
  auto number = parse(text, region);
  if (number.valid()) return number;
  const auto abroad = without_00(text);
  if (abroad.empty()) return number;
  auto again = parse(abroad, region);
  return again.valid() || region == "ZZ" ? again : number;
}

/// A cache of the last numbers. Each shard has two generations; the older one is dropped when the
/// younger is full, so that numbers that come again and again stay. Thread-safe.
class NumberCache {
 public:
  template <class Compute>
  PhoneNumber get(const std::string& key, Compute compute) {
    auto& shard = shards_[std::hash<std::string>{}(key) % shards_.size()];
    {
      const concurrency::Lock lock{shard.mutex};
      if (const auto* known = shard.find(key)) return *known;
    }
    auto number = compute();  // without the lock: two threads may do the same work once
    const concurrency::Lock lock{shard.mutex};
    shard.remember(key, number);
    return number;
  }

 private:
  static constexpr std::size_t max_numbers = 65'536;
  static constexpr std::size_t shard_count = 16;
  static constexpr std::size_t generation = max_numbers / shard_count / 2;
  using Map = std::unordered_map<std::string, PhoneNumber>;

  struct Shard {
    concurrency::Mutex mutex;
    Map young GUARDED_BY(mutex);
    Map old GUARDED_BY(mutex);

    const PhoneNumber* find(const std::string& key) REQUIRES(mutex) {
      if (const auto it = young.find(key); it != young.end()) return &it->second;
      const auto it = old.find(key);
      if (it == old.end()) return nullptr;
      const PhoneNumber known = it->second;  // a copy: remember() may drop `old`
      remember(key, known);
      return &young.find(key)->second;
    }

    void remember(const std::string& key, const PhoneNumber& number) REQUIRES(mutex) {
      if (young.size() >= generation) {
        old = std::move(young);
        young.clear();
      }
      young.insert_or_assign(key, number);
    }
  };

  std::array<Shard, shard_count> shards_;
};

constexpr auto two_digit_codes = std::to_array<std::string_view>(
    {"20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
     "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
     "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"});

/// Digits of the country code that `digits` begin with (ITU-T E.164, list of codes).
std::size_t country_code_length(std::string_view digits) {
  if (digits.starts_with('1') || digits.starts_with('7')) return 1;
  const auto two = digits.substr(0, 2);
  return std::find(two_digit_codes.begin(), two_digit_codes.end(), two) != two_digit_codes.end()
             ? 2
             : 3;
}

}  // namespace

PhoneNumber normalise_phone(std::string_view text, std::string_view region) {
  if (text.size() > max_text_bytes) return refused(Reason::phone_too_long);
  if (const auto plain = kind_of_e164(text))
    return number_of(plain->type, std::string{text}, std::string{plain->region});
  static NumberCache cache;
  thread_local std::string key;
  key.assign(region);
  key += '\0';
  key += text;
  return cache.get(key, [&] { return normalise(text, region); });
}

bool is_phone_region(std::string_view region) {
  static const auto regions = [] {
    std::set<std::string> all;
    library().GetSupportedRegions(&all);
    return all;
  }();
  return regions.contains(std::string{region});
}

std::string mask_phone(std::string_view e164) {
  constexpr std::size_t min_length = 8;  // of a shorter number two digits would show too much
  if (e164.size() < min_length || e164.front() != '+') return e164.empty() ? "" : "…";
  const auto code = country_code_length(e164.substr(1));
  std::string masked{e164.substr(0, code + 1)};
  masked += "…";
  masked += e164.substr(e164.size() - 2);
  return masked;
}

}  // namespace postrider::message
