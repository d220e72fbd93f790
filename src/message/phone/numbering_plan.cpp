#include "message/phone/numbering_plan.hpp"

#include <phonenumbers/phonemetadata.pb.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "concurrency/mutex.hpp"

// libphonenumber's data, a serialised PhoneMetadataCollection. The library exports both functions;
// their header (cpp/src/phonenumbers/metadata.h) is not installed.
namespace i18n::phonenumbers {
int metadata_size();
const void* metadata_get();
}  // namespace i18n::phonenumbers

namespace postrider::message {
namespace {

using Library = i18n::phonenumbers::PhoneNumberUtil;
using Territory = i18n::phonenumbers::PhoneMetadata;
using Range = i18n::phonenumbers::PhoneNumberDesc;
using Type = Library::PhoneNumberType;

constexpr std::size_t max_digits = 15;  // ITU-T E.164
constexpr std::size_t min_national_digits = 4;
constexpr std::string_view no_country = "001";  // the id of numbers such as +800

bool begins_with(std::string_view digits, const RE2& pattern) {
  const re2::StringPiece text{digits.data(), digits.size()};
  return pattern.Match(text, 0, text.size(), RE2::ANCHOR_START, nullptr, 0);
}

/// The kinds in the order in which the library asks for them
/// (PhoneNumberUtil::GetNumberTypeHelper). Fixed and mobile lines come last, because a range may be
/// both.
struct Kind {
  Type type;
  const Range& (Territory::*range)() const;
};
constexpr std::array kinds{Kind{Library::PREMIUM_RATE, &Territory::premium_rate},
                           Kind{Library::TOLL_FREE, &Territory::toll_free},
                           Kind{Library::SHARED_COST, &Territory::shared_cost},
                           Kind{Library::VOIP, &Territory::voip},
                           Kind{Library::PERSONAL_NUMBER, &Territory::personal_number},
                           Kind{Library::PAGER, &Territory::pager},
                           Kind{Library::UAN, &Territory::uan},
                           Kind{Library::VOICEMAIL, &Territory::voicemail},
                           Kind{Library::FIXED_LINE, &Territory::fixed_line},
                           Kind{Library::MOBILE, &Territory::mobile}};
constexpr std::size_t fixed_line = kinds.size() - 2;
constexpr std::size_t mobile = kinds.size() - 1;

/// The ranges of one territory, all matched in one pass.
class NumberingPlan {
 public:
  explicit NumberingPlan(const Territory& territory)
      : region_{territory.id()},
        fixed_is_mobile_{territory.same_mobile_and_fixed_line_pattern()},
        patterns_{RE2::Quiet, RE2::ANCHOR_BOTH} {
    readable_ = add(territory.general_desc(), any_kind);
    for (std::size_t kind = 0; kind < kinds.size(); ++kind)
      readable_ &= add((territory.*kinds[kind].range)(), kind);
    readable_ &= patterns_.Compile();
    if (!territory.has_leading_digits()) return;
    leading_digits_ = std::make_unique<RE2>(territory.leading_digits(), RE2::Quiet);
    readable_ &= leading_digits_->ok();
  }

  /// False where a pattern is one that RE2 does not read.
  bool readable() const { return readable_; }
  std::string_view region() const { return region_; }

  /// True where `digits` are this territory's by their first ones; nullopt where those don't tell.
  std::optional<bool> claims(std::string_view digits) const {
    if (!leading_digits_) return std::nullopt;
    return begins_with(digits, *leading_digits_);
  }

  /// What the number behind the country code is; UNKNOWN where it is none.
  Type type_of(std::string_view digits) const {
    thread_local std::vector<int> matched;
    if (!patterns_.Match({digits.data(), digits.size()}, &matched)) return Library::UNKNOWN;
    std::bitset<any_kind + 1> found;
    for (const int i : matched) {
      const auto& range = ranges_[static_cast<std::size_t>(i)];
      if (range.lengths.test(digits.size())) found.set(range.kind);
    }
    if (!found.test(any_kind)) return Library::UNKNOWN;
    for (std::size_t kind = 0; kind < fixed_line; ++kind)
      if (found.test(kind)) return kinds[kind].type;
    if (found.test(fixed_line))
      return fixed_is_mobile_ || found.test(mobile) ? Library::FIXED_LINE_OR_MOBILE
                                                    : Library::FIXED_LINE;
    return found.test(mobile) && !fixed_is_mobile_ ? Library::MOBILE : Library::UNKNOWN;
  }

 private:
  static constexpr std::size_t any_kind = kinds.size();
  struct Pattern {
    std::size_t kind;
    std::bitset<max_digits + 1> lengths;
  };

  bool add(const Range& range, std::size_t kind) {
    if (range.national_number_pattern().empty()) return true;
    if (patterns_.Add(range.national_number_pattern(), nullptr) < 0) return false;
    auto& lengths = ranges_.emplace_back(Pattern{kind, {}}).lengths;
    if (range.possible_length().empty()) lengths.set();
    for (const int length : range.possible_length())
      if (length >= 0 && length < static_cast<int>(lengths.size()))
        lengths.set(static_cast<std::size_t>(length));
    return true;
  }

  std::string region_;
  bool fixed_is_mobile_;
  bool readable_ = false;
  RE2::Set patterns_;
  std::vector<Pattern> ranges_;  // in the order of `patterns_`
  std::unique_ptr<RE2> leading_digits_;
};

/// The plans of the territories that share a country code.
class Plans {
 public:
  /// `territories`: first the one that the code belongs to in the first place.
  explicit Plans(std::span<const Territory* const> territories) {
    const auto& main = *territories.front();
    if (main.has_national_prefix_for_parsing())
      national_prefix_ = std::make_unique<RE2>(main.national_prefix_for_parsing(), RE2::Quiet);
    if (national_prefix_ && !national_prefix_->ok()) return;
    plans_.reserve(territories.size());
    for (const auto* territory : territories) plans_.emplace_back(*territory);
    const auto readable = [](const NumberingPlan& plan) { return plan.readable(); };
    if (!std::all_of(plans_.begin(), plans_.end(), readable)) plans_.clear();
  }

  /// `digits`: the number behind the country code.
  std::optional<NumberKind> kind_of(std::string_view digits) const {
    if (plans_.empty() || (national_prefix_ && begins_with(digits, *national_prefix_)))
      return std::nullopt;
    for (const auto& plan : plans_) {
      const auto claimed = plans_.size() == 1 ? true : plan.claims(digits);
      if (claimed == false) continue;
      const auto type = plan.type_of(digits);
      if (type != Library::UNKNOWN) return NumberKind{plan.region(), type};
      if (claimed) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  std::vector<NumberingPlan> plans_;  // empty where RE2 does not read the patterns
  std::unique_ptr<RE2> national_prefix_;
};

/// A country code and its plans, which are compiled when the first number of theirs comes.
class CountryCode {
 public:
  void add(const Territory& territory) {
    territories_.insert(
        territory.main_country_for_code() ? territories_.begin() : territories_.end(), &territory);
  }

  bool known() const { return !territories_.empty(); }

  std::optional<NumberKind> kind_of(std::string_view digits) {
    if (territories_.front()->id() == no_country || digits.size() < min_national_digits ||
        digits.front() == '0')
      return std::nullopt;
    return plans().kind_of(digits);
  }

 private:
  const Plans& plans() {
    if (const auto* ready = ready_.load(std::memory_order_acquire)) return *ready;
    const concurrency::Lock lock{mutex_};
    if (!plans_) plans_ = std::make_unique<Plans>(territories_);
    ready_.store(plans_.get(), std::memory_order_release);
    return *plans_;
  }

  std::vector<const Territory*> territories_;
  std::atomic<const Plans*> ready_{nullptr};
  concurrency::Mutex mutex_;
  std::unique_ptr<Plans> plans_ GUARDED_BY(mutex_);
};

/// The country codes, by their number. No code is the beginning of another.
class CountryCodes {
 public:
  CountryCodes() {
    if (!data_.ParseFromArray(i18n::phonenumbers::metadata_get(),
                              i18n::phonenumbers::metadata_size()))
      return;  // all is left to the library, which tells what is wrong
    for (const auto& territory : data_.metadata())
      if (const int code = territory.country_code(); code > 0 && code < 1000)
        codes_[static_cast<std::size_t>(code)].add(territory);
  }

  std::optional<NumberKind> kind_of(std::string_view digits) {
    std::size_t code = 0;
    for (std::size_t length = 1; length <= 3 && length <= digits.size(); ++length) {
      code = code * 10 + static_cast<std::size_t>(digits[length - 1] - '0');
      if (code == 0) return std::nullopt;  // no code begins with 0
      if (codes_[code].known()) return codes_[code].kind_of(digits.substr(length));
    }
    return std::nullopt;
  }

 private:
  i18n::phonenumbers::PhoneMetadataCollection data_;
  std::array<CountryCode, 1000> codes_;
};

}  // namespace

std::optional<NumberKind> kind_of_e164(std::string_view text) {
  if (!text.starts_with('+') || text.size() > max_digits + 1) return std::nullopt;
  const auto digits = text.substr(1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  static CountryCodes codes;
  return codes.kind_of(digits);
}

}  // namespace postrider::message
