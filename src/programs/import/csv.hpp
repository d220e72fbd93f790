// A reader of CSV files as shops export them (RFC 4180, and the variants of spreadsheets): rows one
// by one in bounded memory. Not thread-safe. A row that can't be read is given with its problem,
// because a guess could send a message to the wrong person.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postrider::programs {

/// The reason why a row can't be read.
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
  char delimiter = 0;        // 0: detect_delimiter() of the heading
  std::string loose_column;  // takes the surplus fields of rows that have too many; empty: none
};

class CsvReader {
 public:
  /// The longest row, with the line ends inside its quotes.
  static constexpr std::size_t max_row_bytes = 256 * 1024;

  /// Reads the heading. `input` must outlive the reader. Throws UsageError for an empty file, two
  /// columns of one name, UTF-16, or a loose column that does not exist.
  CsvReader(std::istream& input, CsvOptions options);

  const std::vector<std::string>& columns() const { return columns_; }
  /// The place of a column; nullopt when there is no such column.
  std::optional<std::size_t> column(std::string_view name) const;

  /// The next row that is not blank; nullopt at the end.
  std::optional<CsvRow> next();

  /// Bytes of the rows that next() has given.
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
  void fold_surplus(std::vector<std::string>& fields) const;

  std::istream& input_;
  CsvOptions options_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of the row that is being read, in buffer_
  std::uint64_t taken_ = 0;
  std::uint64_t number_ = 0;
  std::vector<std::string> columns_;
  std::optional<std::size_t> loose_;
};

/// The most frequent of comma, semicolon and tab in the first line of `text`, outside quotes; ","
/// when the line has none of them.
char detect_delimiter(std::string_view text);

}  // namespace postrider::programs
