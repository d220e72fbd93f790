#include "programs/import/csv.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "message/text/ascii.hpp"
#include "programs/outcome.hpp"
#include "programs/terminal.hpp"
#include "settings/units.hpp"

namespace postrider::programs {
namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;
constexpr int end_of_input = -1;

bool all_utf8(const std::vector<std::string>& fields) {
  return std::all_of(fields.begin(), fields.end(), [](const std::string& f) {
    return simdjson::validate_utf8(f.data(), f.size());
  });
}

bool all_spaces(const std::vector<std::string>& fields) {
  return std::all_of(fields.begin(), fields.end(), [](const std::string& f) {
    return f.find_first_not_of(' ') == std::string::npos;
  });
}

std::string hint_of(const std::string& code) {
  if (code == "unclosed_quote") return "a quote opens in this row and never closes";
  if (code == "text_after_quote")
    return "text after a closing quote: quotes inside a field are written twice";
  if (code == "too_long")
    return "a row may have " + std::to_string(CsvReader::max_row_bytes / 1024) + " KiB";
  return "save the file as UTF-8";
}

}  // namespace

char detect_delimiter(std::string_view text) {
  constexpr std::array candidates{',', ';', '\t'};
  std::array<std::size_t, candidates.size()> counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    for (std::size_t i = 0; i < candidates.size(); ++i) counts[i] += c == candidates[i] ? 1 : 0;
  }
  const auto* const most_frequent = std::max_element(counts.begin(), counts.end());
  return candidates[static_cast<std::size_t>(most_frequent - counts.begin())];
}

CsvReader::CsvReader(std::istream& input, CsvOptions options)
    : input_{input}, options_{std::move(options)} {
  fill(chunk_bytes);
  if (buffer_.starts_with("\xff\xfe") || buffer_.starts_with("\xfe\xff"))
    throw UsageError{"the file is UTF-16: save it as UTF-8"};
  if (buffer_.starts_with("\xef\xbb\xbf")) drop(3);
  if (options_.delimiter == 0)
    options_.delimiter = detect_delimiter(std::string_view{buffer_}.substr(begin_));
  Scan heading;
  do {
    heading = scan();
    if (heading.length == 0 && heading.problem.empty())
      throw UsageError{"the file is empty: its first row names the columns"};
    drop(heading.length);
  } while (heading.blank);
  number_ = 1;
  if (!heading.problem.empty())
    throw UsageError{"the heading can't be read: " + hint_of(heading.problem)};
  if (!all_utf8(heading.fields)) throw UsageError{"the heading is not UTF-8: save it as UTF-8"};
  // People type spaces around names. A name may be empty: a comma at the end of each row makes one.
  for (const auto& name : heading.fields) columns_.emplace_back(message::trimmed(name));
  for (auto i = columns_.begin(); i != columns_.end(); ++i)
    if (!i->empty() && std::find(columns_.begin(), i, *i) != i)
      throw UsageError{"two columns are named \"" + plain(*i) + "\""};
  if (options_.loose_column.empty()) return;
  loose_ = column(options_.loose_column);
  if (!loose_) {
    const auto near = settings::nearest(options_.loose_column, columns_);
    throw UsageError{"--loose-column: there is no column \"" + plain(options_.loose_column) + "\"" +
                     (near.empty() ? "" : " (did you mean \"" + plain(near) + "\"?)")};
  }
}

std::optional<std::size_t> CsvReader::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

/// Reads on until `wanted` bytes from begin_ are in the buffer. False: the input has fewer.
bool CsvReader::fill(std::size_t wanted) {
  while (buffer_.size() - begin_ < wanted && input_) {
    if (begin_ > chunk_bytes) {
      buffer_.erase(0, begin_);
      begin_ = 0;
    }
    const std::size_t old = buffer_.size();
    buffer_.resize(old + chunk_bytes);
    input_.read(buffer_.data() + old, static_cast<std::streamsize>(chunk_bytes));
    buffer_.resize(old + static_cast<std::size_t>(input_.gcount()));
  }
  return buffer_.size() - begin_ >= wanted;
}

int CsvReader::at(std::size_t i) {
  if (begin_ + i >= buffer_.size() && !fill(i + 1)) return end_of_input;
  return static_cast<unsigned char>(buffer_[begin_ + i]);
}

void CsvReader::drop(std::size_t bytes) {
  begin_ += bytes;
  taken_ += bytes;
}

/// True at a line end or the end of the input; `i` is then after it.
bool CsvReader::end_of_row(std::size_t& i) {
  const int c = at(i);
  if (c == end_of_input) return true;
  if (c == '\n') return ++i, true;
  if (c != '\r') return false;
  i += at(i + 1) == '\n' ? 2 : 1;
  return true;
}

/// Reads from behind the opening quote to behind the closing one. False: the quote never closes.
bool CsvReader::scan_quoted(std::size_t& i, std::string& field, std::string& problem) {
  while (true) {
    const int c = at(i);
    if (c == end_of_input || i >= max_row_bytes) return problem = "unclosed_quote", false;
    ++i;
    if (c != '"') {
      field += static_cast<char>(c);
    } else if (at(i) == '"') {
      field += '"';
      ++i;
    } else {
      return true;
    }
  }
}

/// Skips the line of a row that can't be read, so that the rows after it can be read.
void CsvReader::skip_line(Scan& scan) {
  std::size_t i = 0;
  while (!end_of_row(i)) {
    ++i;
    // The line is longer than the buffer should grow: drop its beginning.
    if (i < max_row_bytes) continue;
    drop(i);
    i = 0;
  }
  scan.length = i;
}

CsvReader::Scan CsvReader::scan() {
  Scan row;
  std::size_t i = 0;
  if (at(0) == end_of_input) return row;
  row.fields.emplace_back();
  bool quotes = false;
  while (row.problem.empty()) {
    if (end_of_row(i)) break;
    const int c = at(i);
    std::string& field = row.fields.back();
    if (i >= max_row_bytes) {
      row.problem = "too_long";
    } else if (c == options_.delimiter) {
      row.fields.emplace_back();
      ++i;
    } else if (c == '"' && field.empty()) {
      quotes = true;
      ++i;
      if (!scan_quoted(i, field, row.problem)) break;
      const int after = at(i);
      if (after != options_.delimiter && after != '\n' && after != '\r' && after != end_of_input)
        row.problem = "text_after_quote";
    } else {
      field += static_cast<char>(c);
      ++i;
    }
  }
  row.length = i;
  // Spreadsheets end their exports with rows that have only delimiters.
  row.blank = !quotes && row.problem.empty() && all_spaces(row.fields);
  if (!row.problem.empty()) skip_line(row);
  return row;
}

/// Joins the surplus fields of a row into its loose column.
void CsvReader::fold_surplus(std::vector<std::string>& fields) const {
  const std::size_t surplus = fields.size() - columns_.size();
  for (std::size_t i = 0; i < surplus; ++i)
    fields[*loose_] += options_.delimiter + fields[*loose_ + 1 + i];
  const auto first = fields.begin() + static_cast<std::ptrdiff_t>(*loose_) + 1;
  fields.erase(first, first + static_cast<std::ptrdiff_t>(surplus));
}

std::optional<CsvRow> CsvReader::next() {
  while (true) {
    Scan scanned = scan();
    if (scanned.length == 0 && scanned.problem.empty()) return std::nullopt;
    drop(scanned.length);
    ++number_;
    if (scanned.blank) continue;
    CsvRow row{number_, std::move(scanned.fields), std::nullopt};
    const std::size_t got = row.fields.size();
    if (scanned.problem.empty() && got > columns_.size() && loose_) fold_surplus(row.fields);
    if (!scanned.problem.empty()) {
      row.problem = {scanned.problem, hint_of(scanned.problem)};
    } else if (row.fields.size() != columns_.size()) {
      row.problem = {
          "wrong_column_count",
          "the heading has " + std::to_string(columns_.size()) + " columns, this row has " +
              std::to_string(got) +
              (got > columns_.size() ? ": quote fields that hold the delimiter, or name the column "
                                       "that has it by --loose-column"
                                     : "")};
    } else if (!all_utf8(row.fields)) {
      row.problem = {"invalid_utf8", hint_of("invalid_utf8")};
    }
    return row;
  }
}

}  // namespace postrider::programs
