// The orders that all benchmarks send: a text whose digits are changed in place, so that the next
// order costs next to nothing, and the row that it becomes. For one thread each.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ceilings/sqlite_rows.hpp"

namespace postrider::bench {

/// The number of customers. Each order has another one, with another phone number and address,
/// until all have been sent once; they come in no order, so that no index is filled at its end.
inline constexpr std::uint64_t customers = 1'000'000;

/// A text in which some runs of digits show a number.
class NumberedText {
 public:
  /// In `pattern` each run of '#' shows the last digits of the order's number, each run of '@'
  /// those of the customer's number. '~' stands for the '@' of an e-mail address.
  explicit NumberedText(std::string pattern);

  /// Changes the digits to those of this order.
  void set(std::uint64_t order);
  std::string_view text() const { return text_; }

 private:
  struct Field {
    std::size_t at;
    std::size_t width;
    bool customer;
  };
  std::string text_;
  std::vector<Field> fields_;
};

/// The order event as JSON, with the contact in it. No line end.
std::string event_pattern();

/// The event as a whole HTTP/1.1 request to POST /v1/order-events, keep-alive.
std::string request_pattern();

/// The lengths of the texts that the service renders of one event, in bytes.
struct TextLengths {
  std::size_t sms = 0;
  std::size_t subject = 0;
  std::size_t email = 0;
};

/// A maker of orders' rows that parses and renders nothing.
class RowMaker {
 public:
  explicit RowMaker(const TextLengths& lengths);

  /// The rows of `rows` orders from `first` on, created at `now` (Unix milliseconds). Valid until
  /// the next call.
  std::vector<Row>& make(std::uint64_t first, std::size_t rows, std::int64_t now);

 private:
  struct Texts {
    NumberedText order, customer, phone, email;
  };
  std::string sms_, subject_, email_text_;
  std::vector<Texts> texts_;
  std::vector<Row> rows_;
};

/// 16 bytes that differ for different texts and are spread as a hash is.
std::array<std::uint8_t, 16> quick_id(std::string_view text);

}  // namespace postrider::bench
