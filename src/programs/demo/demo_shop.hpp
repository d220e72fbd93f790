// A shop's day, made up: customers in more than thirty countries and their orders, with the bad
// data that real shops send. The same seed makes the same day.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace postrider::programs {

struct DemoDay {
  std::vector<std::string> customers;  // JSON documents for POST /v1/customers
  std::vector<std::string> events;  // JSON documents for POST /v1/order-events, bad ones among them
  int orders = 0;                   // distinct orders that `events` speak of, bad rows included
  int countries = 0;
};

/// `orders` rows of the day's export: about one in fifty is bad in some way, one in forty a repeat.
DemoDay make_demo_day(int orders, std::uint32_t seed);

/// A price list for the countries of the day, as `sms.prices` reads it.
std::string demo_prices();

}  // namespace postrider::programs
