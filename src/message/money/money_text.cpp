#include "message/money/money_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "message/text/ascii.hpp"

namespace postrider::message {
namespace {

constexpr std::int64_t micros_per_unit = 1'000'000;
constexpr std::size_t max_decimals = 6;
constexpr std::size_t min_decimals = 2;
constexpr domain::Money max_money{1'000'000'000 * micros_per_unit};

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

std::optional<domain::Money> parse_money(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto decimals = point == text.npos ? std::string_view{"0"} : text.substr(point + 1);
  if (!all_digits(whole) || !all_digits(decimals) || decimals.size() > max_decimals)
    return std::nullopt;
  auto digits = std::string{whole}.append(decimals);
  digits.append(max_decimals - decimals.size(), '0');
  domain::Money money;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), money.micros);
  if (error != std::errc{} || money > max_money) return std::nullopt;
  return money;
}

std::string_view money_mistake(std::string_view text) {
  if (parse_money(text)) return {};
  if (text.empty()) return "is empty";
  if (text.front() == '-') return "is less than nothing";
  if (text.find(',') != text.npos) return "has a comma: decimals follow a point";
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto decimals = point == text.npos ? std::string_view{"0"} : text.substr(point + 1);
  if (!all_digits(whole) || !all_digits(decimals)) return "is no number with digits and one point";
  return decimals.size() > max_decimals ? "has more than six decimals"
                                        : "is more than a thousand million";
}

std::string print_money(domain::Money money) {
  const auto micros = std::abs(money.micros);
  auto decimals = std::to_string(micros_per_unit + micros % micros_per_unit).substr(1);
  while (decimals.size() > min_decimals && decimals.back() == '0') decimals.pop_back();
  return (money.micros < 0 ? "-" : "") + std::to_string(micros / micros_per_unit) + "." + decimals;
}

}  // namespace postrider::message
