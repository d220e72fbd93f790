// A made-up day of a shop: customers in more than thirty countries and their orders, with the bad
// data that real shops send. Pure: the same seed makes the same day.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace postrider::programs {

/// The documents of one day.
struct DemoDay {
  std::vector<std::string> customers;  // JSON documents for POST /v1/customers
  std::vector<std::string> events;  // JSON documents for POST /v1/order-events, bad ones among them
  int orders = 0;                   // different orders in `events`, those of bad rows too
  int countries = 0;
};

/// A day of `orders` orders. About one event in fifty is bad in some way, one in forty is a repeat.
DemoDay make_demo_day(int orders, std::uint32_t seed);

/// A price list for the countries of the day, in the form of the file that `sms.prices` names.
std::string demo_prices();

}  // namespace postrider::programs
