// Reads CSV files as shops export them (RFC 4180, and what spreadsheets make of it): rows one by
// one in bounded memory. What can't be read is a row with a problem, never a row that is guessed.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postrider::programs {

struct CsvProblem {
  std::string code;  // "wrong_column_count", "unclosed_quote", "text_after_quote", "too_long",
                     // "invalid_utf8"
  std::string hint;  // counts and column names only, never a value
};

struct CsvRow {
  std::uint64_t number = 0;         // as a spreadsheet counts: the heading is row 1
  std::vector<std::string> fields;  // as many as there are columns, unless there is a problem
  std::optional<CsvProblem> problem;
};

struct CsvOptions {
  char delimiter = 0;        // 0: the one of , ; and tab that the heading has most of
  std::string loose_column;  // takes the surplus fields of rows that have too many; empty: none
};

class CsvReader {
 public:
  /// A row may have line ends inside quotes, but not be longer than this.
  static constexpr std::size_t max_row_bytes = 256 * 1024;

  /// Reads the heading. Throws UsageError: empty file, two columns of one name, UTF-16, no such
  /// loose column. `input` must outlive the reader.
  CsvReader(std::istream& input, CsvOptions options);

  const std::vector<std::string>& columns() const { return columns_; }
  std::optional<std::size_t> column(std::string_view name) const;

  /// The next row that is not blank; nullopt at the end.
  std::optional<CsvRow> next();

  std::uint64_t bytes_read() const { return taken_; }

 private:
  struct Scan {
    std::vector<std::string> fields;
    std::size_t length = 0;  // bytes of the row with its line end
    std::string problem;     // code
    bool blank = false;
  };

  bool fill(std::size_t wanted);
  int at(std::size_t i);
  Scan scan();
  bool scan_quoted(std::size_t& i, std::string& field, std::string& problem);
  bool end_of_row(std::size_t& i);
  void skip_line(Scan& scan);
  void drop(std::size_t bytes);
  void fold(std::vector<std::string>& fields) const;

  std::istream& input_;
  CsvOptions options_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of the row that is being read, in buffer_
  std::uint64_t taken_ = 0;
  std::uint64_t number_ = 0;
  std::vector<std::string> columns_;
  std::optional<std::size_t> loose_;
};

/// The delimiter that the first line of `text` has most of, outside quotes; "," when it has none.
char detect_delimiter(std::string_view text);

}  // namespace postrider::programs
