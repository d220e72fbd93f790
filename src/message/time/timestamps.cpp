#include <array>
#include <cstdio>

#include "message/json/order_event_json.hpp"
#include "message/text/ascii.hpp"

namespace postrider::message {
namespace {

using namespace std::chrono;

/// A scanner that takes a text apart from the left. After the first mismatch it stays failed.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_{text} {}

  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (i >= rest_.size() || !is_digit(rest_[i])) return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  /// Takes the next character if it is one of these.
  bool accept(std::string_view one_of) {
    if (rest_.empty() || one_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Takes the next character, which must be one of these.
  void expect(std::string_view one_of) {
    if (!accept(one_of)) fail();
  }

  /// The digits after a decimal point as milliseconds; the fourth digit and all after it are cut.
  int fraction() {
    int value = 0, place = 100;
    if (rest_.empty() || !is_digit(rest_.front())) return fail();
    while (!rest_.empty() && is_digit(rest_.front())) {
      value += (rest_.front() - '0') * place;
      place /= 10;
      rest_.remove_prefix(1);
    }
    return value;
  }

  char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool at_end() const { return rest_.empty(); }
  bool failed() const { return failed_; }
  int fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

struct TimeOfDay {
  milliseconds value{0};
  bool with_seconds = false;
};

TimeOfDay scan_time(Scanner& scan) {
  TimeOfDay time;
  const int h = scan.number(2);
  scan.expect(":");
  const int m = scan.number(2);
  int s = 0, ms = 0;
  if (scan.accept(":")) {
    time.with_seconds = true;
    s = scan.number(2);
    if (scan.accept(".")) ms = scan.fraction();
  }
  // 60 is a leap second, which Unix time counts as the second after it.
  if (h > 23 || m > 59 || s > 60) scan.fail();
  time.value = hours{h} + minutes{m} + seconds{s} + milliseconds{ms};
  return time;
}

minutes scan_offset(Scanner& scan) {
  const bool west = scan.next() == '-';
  scan.expect("+-");
  const int h = scan.number(2);
  scan.expect(":");
  const int m = scan.number(2);
  if (h > 23 || m > 59) scan.fail();
  const minutes offset = hours{h} + minutes{m};
  return west ? -offset : offset;
}

void append_digits(std::string& out, std::int64_t value, int digits) {
  std::array<char, 8> text{};
  for (int i = digits - 1; i >= 0; --i, value /= 10)
    text[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
  out.append(text.data(), static_cast<std::size_t>(digits));
}

}  // namespace

std::optional<domain::TimePoint> parse_timestamp(std::string_view text) {
  Scanner scan{text};
  const int y = scan.number(4);
  scan.expect("-");
  const int m = scan.number(2);
  scan.expect("-");
  const int d = scan.number(2);
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)},
                            day{static_cast<unsigned>(d)}};
  if (scan.failed() || !date.ok()) return std::nullopt;
  domain::TimePoint at{sys_days{date}};
  if (scan.at_end()) return at;

  const bool rfc = scan.accept("Tt");  // RFC 3339, which requires the offset
  if (!rfc) scan.expect(" ");
  const TimeOfDay time = scan_time(scan);
  at += time.value;
  if (rfc || !scan.at_end()) {
    if (!time.with_seconds) scan.fail();
    if (!scan.accept("Zz")) at -= scan_offset(scan);
  }
  if (scan.failed() || !scan.at_end()) return std::nullopt;
  return at;
}

std::string format_timestamp(domain::TimePoint t) {
  const auto midnight = floor<days>(t);
  const year_month_day date{midnight};
  const auto ms = (t - midnight).count();
  std::string out;
  out.reserve(24);
  append_digits(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_digits(out, ms / 3'600'000, 2);
  out += ':';
  append_digits(out, ms / 60'000 % 60, 2);
  out += ':';
  append_digits(out, ms / 1000 % 60, 2);
  out += '.';
  append_digits(out, ms % 1000, 3);
  out += 'Z';
  return out;
}

}  // namespace postrider::message
