// The rows of a file, whatever its format, as JSON documents ready to be put. Bounded memory. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>

#include "programs/import/row_mapping.hpp"

namespace postrider::programs {

struct SourceRow {
  std::uint64_t number = 0;
  MappedRow row;
};

class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual std::optional<SourceRow> next() = 0;
  virtual std::uint64_t bytes_read() const = 0;
  /// What a number counts: "row" of a spreadsheet or "line" of a text file.
  virtual std::string unit() const = 0;
};

/// A JSON document a line; blank lines are passed over. `input` must outlive it.
std::unique_ptr<RowSource> make_ndjson_source(std::istream& input);

/// Throws UsageError as CsvReader and RowMapping do.
std::unique_ptr<RowSource> make_csv_source(std::istream& input, RowKind kind, const CsvOptions& csv,
                                           const MappingOptions& mapping);

enum class FileFormat : std::uint8_t { csv, ndjson };

/// By the name's ending, else by the first character: JSON documents begin with "{".
FileFormat guess_format(const std::string& path, std::istream& input);

}  // namespace postrider::programs
