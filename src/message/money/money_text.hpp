// Amounts of money as people and documents write them: "0.0743", "1000". Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/money.hpp"

namespace postrider::message {

/// An amount in decimal digits, such as "0.05" or "1000": not negative, at most six decimals, at
/// most a thousand million. nullopt for any other text.
std::optional<domain::Money> parse_money(std::string_view text);

/// Why parse_money() takes no such text, as the end of a sentence: "has a comma". Empty where it
/// takes it.
std::string_view money_mistake(std::string_view text);

/// The amount with two to six decimals: 7500 micro-units → "0.0075". parse_money() reads what is
/// not negative and not too high back to the same amount.
std::string print_money(domain::Money money);

}  // namespace postrider::message
