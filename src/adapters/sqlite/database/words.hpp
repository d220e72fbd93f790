// The enums of the domain that columns keep by their numbers, with the last number of each. A
// number beyond it was written by hand or by a newer version, or the disk is damaged.
#pragma once

#include <cstdint>

#include "domain/delivery/attempt.hpp"
#include "domain/delivery/state.hpp"
#include "domain/intake/order_event.hpp"
#include "domain/intake/status.hpp"

namespace postrider::adapters::sqlite {

template <class Enum>
struct LastWord;
template <>
struct LastWord<domain::State> {
  static constexpr auto value = static_cast<domain::State>(domain::state_count - 1);
};
template <>
struct LastWord<domain::Mode> {
  static constexpr auto value = domain::Mode::test;
};
template <>
struct LastWord<domain::Encoding> {
  static constexpr auto value = domain::Encoding::ucs2;
};
template <>
struct LastWord<domain::SmsType> {
  static constexpr auto value = domain::SmsType::promotional;
};
template <>
struct LastWord<domain::Channel> {
  static constexpr auto value = domain::Channel::email;
};
template <>
struct LastWord<domain::Proof> {
  static constexpr auto value = domain::Proof::handset;
};
template <>
struct LastWord<domain::Submitted> {
  static constexpr auto value = domain::Submitted::unknown;
};
template <>
struct LastWord<domain::ReceiptOutcome> {
  static constexpr auto value = domain::ReceiptOutcome::account;
};

/// True for a number that the enum has.
template <class Enum>
constexpr bool is_word(std::int64_t number) {
  return number >= 0 && number <= static_cast<std::int64_t>(LastWord<Enum>::value);
}
template <>
constexpr bool is_word<domain::Priority>(std::int64_t number) {
  return number == static_cast<std::int64_t>(domain::Priority::high) ||
         number == static_cast<std::int64_t>(domain::Priority::normal);
}

}  // namespace postrider::adapters::sqlite
