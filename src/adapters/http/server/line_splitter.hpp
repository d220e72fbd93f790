// A splitter of a streamed body into lines with bounded memory: a line that is too long is dropped
// while it comes in and reported once. For one thread at a time. Blank lines are counted, but not
// given.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "adapters/http/server/exchange.hpp"

namespace postrider::adapters::http {

class LineSplitter {
 public:
  /// `max_line`: octets of a line without its end.
  explicit LineSplitter(std::size_t max_line) : max_line_{max_line} {}

  /// Takes over the octets of `chunk` and leaves `chunk` empty. Texts of earlier lines become
  /// invalid.
  void feed(std::string& chunk);
  /// Up to `max_lines` complete lines, in order. Their texts live until the next feed().
  std::vector<Line> take(std::size_t max_lines);
  /// The last line, if the body ended without a line end.
  std::vector<Line> take_last();
  /// The number of the next line.
  std::size_t next_line() const { return line_ + 1; }

 private:
  void add(std::string_view text, std::vector<Line>& out);

  std::size_t max_line_;
  std::string buffer_;
  std::size_t taken_ = 0;    // octets of buffer_ that were given
  std::size_t scanned_ = 0;  // octets of buffer_ known to hold no further line end
  std::size_t line_ = 0;
  bool skipping_ = false;  // in a line that is too long
};

}  // namespace postrider::adapters::http
