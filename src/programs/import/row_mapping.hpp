// The mapping from the columns of a shop's CSV file to the JSON documents of the API: by `--map
// field=column`, by `--const field=value`, and by columns that have the names of fields. Immutable
// once built.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "programs/import/csv.hpp"

namespace postrider::programs {

/// The kind of documents that rows become.
enum class RowKind : std::uint8_t { order_event, customer };

struct MappingOptions {
  std::vector<std::string> maps;             // "field=column"
  std::vector<std::string> constants;        // "field=value"
  std::vector<std::string> skip_if_missing;  // columns
  std::optional<std::string> null;           // a text that means "missing", besides the empty one
};

/// One row as a JSON document.
struct MappedRow {
  std::string json;                   // empty when skipped or with a problem
  bool skipped = false;               // a column of --skip-if-missing has no value
  std::optional<CsvProblem> problem;  // "invalid_value"
};

class RowMapping {
 public:
  /// Throws UsageError for an unknown field or column (with the nearest name), a field that is
  /// given twice, or a required field without a source.
  RowMapping(RowKind kind, const CsvReader& csv, const MappingOptions& options);

  /// The document of one row, or the row's problem.
  MappedRow apply(const CsvRow& row) const;

 private:
  struct Source {
    std::string field;
    std::optional<std::size_t> column;  // none: the constant
    std::string constant;
  };

  void add_maps(const CsvReader& csv, const std::vector<std::string>& maps);
  void add_constants(const std::vector<std::string>& constants);
  void add_columns_by_name(const CsvReader& csv);
  void add(Source source, const std::string& option);
  void check_required(const CsvReader& csv) const;
  bool is_missing(const std::string& value) const;

  RowKind kind_;
  std::vector<Source> sources_;
  std::vector<std::size_t> skip_;
  std::optional<std::string> null_;
};

}  // namespace postrider::programs
