// The sources of imported rows: files of either format, whose rows become JSON documents for a
// RowSink. Not thread-safe. Memory is bounded, because files may be larger than it.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>

#include "programs/import/row_mapping.hpp"

namespace postrider::programs {

/// One row and its number in the file (RowSource::unit() says of what).
struct SourceRow {
  std::uint64_t number = 0;
  MappedRow row;
};

class RowSource {
 public:
  virtual ~RowSource() = default;
  /// The next row; nullopt at the end of the file.
  virtual std::optional<SourceRow> next() = 0;
  virtual std::uint64_t bytes_read() const = 0;
  /// The unit of row numbers: "row" of a spreadsheet or "line" of a text file.
  virtual std::string unit() const = 0;
};

/// A source with a JSON document a line; blank lines are skipped. `input` must outlive the source.
std::unique_ptr<RowSource> make_ndjson_source(std::istream& input);

/// A source of CSV rows. `input` must outlive the source. Throws UsageError as CsvReader and
/// RowMapping do.
std::unique_ptr<RowSource> make_csv_source(std::istream& input, RowKind kind, const CsvOptions& csv,
                                           const MappingOptions& mapping);

enum class FileFormat : std::uint8_t { csv, ndjson };

/// The format by the ending of the file's name, else by the first character: JSON documents begin
/// with "{".
FileFormat guess_format(const std::string& path, std::istream& input);

}  // namespace postrider::programs
