// An order event: a shop's report about an order, already checked. A plain value;
// message/json/order_event_json.hpp parses it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/time.hpp"

namespace postrider::domain {

enum class Mode : std::uint8_t { live, test };  // test: simulated carrier and outbox only, no money

/// A person's contact data as the shop gave them: nothing is normalised yet.
struct Contact {
  std::optional<std::string> phone;
  std::optional<std::string> email;
  std::optional<std::string> locale;     // BCP 47
  std::optional<std::string> time_zone;  // IANA
  std::optional<std::string> region;     // ISO 3166 alpha-2, for numbers without a country code
};

struct OrderEvent {
  std::string order_id;
  std::string customer_id;
  std::string status;  // in the usual spelling, see status.hpp
  std::optional<std::string> dedupe_key;
  std::optional<std::string> parcel;  // of the order, where an order is sent in several
  std::optional<TimePoint> occurred_at;
  std::optional<std::string> tracking_url;
  std::optional<std::string> locale;
  std::vector<std::pair<std::string, std::string>> data;  // values for templates, in event order
  std::optional<Contact> contact;
};

/// Limits of an event's fields, in bytes of UTF-8.
struct EventLimits {
  static constexpr std::size_t order_id = 128;
  static constexpr std::size_t customer_id = 128;
  static constexpr std::size_t status = 64;
  static constexpr std::size_t dedupe_key = 256;
  static constexpr std::size_t parcel = 128;
  static constexpr std::size_t tracking_url = 1024;
  static constexpr std::size_t locale = 35;  // RFC 5646 §4.4.1
  static constexpr std::size_t phone = 64;
  static constexpr std::size_t email = 254;  // RFC 5321 §4.5.3.1.3 less the angle brackets
  static constexpr std::size_t time_zone = 64;
  static constexpr std::size_t data_entries = 32;
  static constexpr std::size_t data_key = 64;
  static constexpr std::size_t data_value = 512;
};

}  // namespace postrider::domain
