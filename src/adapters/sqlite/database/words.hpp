// The enums of the domain that columns keep by their numbers, with the last number of each. A
// number beyond it was written by hand or by a newer version, or the disk is damaged.
#pragma once

#include <cstdint>

#include "domain/delivery/attempt.hpp"
#include "domain/delivery/state.hpp"
#include "domain/intake/order_event.hpp"
#include "domain/intake/status.hpp"

namespace postrider::adapters::sqlite {

constexpr domain::State last_of(domain::State) {
  return static_cast<domain::State>(domain::state_count - 1);
}
constexpr domain::Mode last_of(domain::Mode) { return domain::Mode::test; }
constexpr domain::Encoding last_of(domain::Encoding) { return domain::Encoding::ucs2; }
constexpr domain::SmsType last_of(domain::SmsType) { return domain::SmsType::promotional; }
constexpr domain::Channel last_of(domain::Channel) { return domain::Channel::email; }
constexpr domain::Proof last_of(domain::Proof) { return domain::Proof::handset; }
constexpr domain::Submitted last_of(domain::Submitted) { return domain::Submitted::unknown; }
constexpr domain::ReceiptOutcome last_of(domain::ReceiptOutcome) {
  return domain::ReceiptOutcome::account;
}

/// True for a number that the enum has.
template <class Enum>
constexpr bool is_word(std::int64_t number) {
  return number >= 0 && number <= static_cast<std::int64_t>(last_of(Enum{}));
}
template <>
constexpr bool is_word<domain::Priority>(std::int64_t number) {
  return number == static_cast<std::int64_t>(domain::Priority::high) ||
         number == static_cast<std::int64_t>(domain::Priority::normal);
}

}  // namespace postrider::adapters::sqlite
