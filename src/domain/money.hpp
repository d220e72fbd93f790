// An amount of money in integer micro-units of one currency (1 USD = 1,000,000), so that sums never
// round. A plain value.
#pragma once

#include <compare>
#include <cstdint>

namespace postrider::domain {

struct Money {
  std::int64_t micros = 0;

  friend constexpr auto operator<=>(Money, Money) = default;
  friend constexpr Money operator+(Money a, Money b) { return {a.micros + b.micros}; }
  friend constexpr Money operator-(Money a, Money b) { return {a.micros - b.micros}; }
  friend constexpr Money operator*(Money a, int n) { return {a.micros * n}; }
  constexpr Money& operator+=(Money b) {
    micros += b.micros;
    return *this;
  }
};

}  // namespace postrider::domain
