// The orders that all benchmarks send: a text whose digits are changed in place, so that making the
// next order costs next to nothing, and the row that it becomes. Values; one thread each.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ceilings/sqlite_rows.hpp"

namespace postrider::bench {

/// As many customers come back in turn: a shop's phone numbers repeat from order to order.
inline constexpr std::uint64_t customers = 4000;

/// A text in which some runs of digits show a number.
class NumberedText {
 public:
  /// Each run of '#' shows the order's number, each run of '@' the customer's; at the number's
  /// places, no more. '~' stands for the '@' of an e-mail address.
  explicit NumberedText(std::string pattern);

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

/// Lengths of what the service renders of one event, in bytes.
struct TextLengths {
  std::size_t sms = 0;
  std::size_t subject = 0;
  std::size_t email = 0;
};

/// Makes the row of an order without parsing or rendering anything.
class RowMaker {
 public:
  explicit RowMaker(const TextLengths& lengths);

  /// `rows` for the orders from `first` on. Valid until the next call.
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
