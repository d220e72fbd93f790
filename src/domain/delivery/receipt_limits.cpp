#include "domain/delivery/receipt_limits.hpp"

#include <cmath>

namespace postrider::domain {

std::optional<Money> receipt_price(double amount) {
  constexpr double max_amount = 9e12;  // in millionths just below 2^63
  if (!(amount >= 0 && amount <= max_amount)) return std::nullopt;
  constexpr double micros = 1e6;
  return Money{std::llround(amount * micros)};
}

}  // namespace postrider::domain
