#include "programs/import/row_source.hpp"

#include <simdjson.h>

#include <filesystem>

#include "message/json/order_event_json.hpp"

namespace postrider::programs {
namespace {

class NdjsonSource final : public RowSource {
 public:
  explicit NdjsonSource(std::istream& input) : input_{input} {}

  std::optional<SourceRow> next() override {
    while (true) {
      ++number_;
      std::string line;
      const bool fits = read_line(line);
      if (!fits)
        return problem("too_long", "a line may have " +
                                       std::to_string(message::max_event_bytes / 1024) + " KiB");
      if (line.find_first_not_of(" \t\r") != std::string::npos) {
        if (!simdjson::validate_utf8(line.data(), line.size()))
          return problem("invalid_utf8", "save the file as UTF-8");
        return SourceRow{number_, {std::move(line), false, std::nullopt}};
      }
      if (!input_) return std::nullopt;
    }
  }

  std::uint64_t bytes_read() const override { return taken_; }
  std::string unit() const override { return "line"; }

 private:
  SourceRow problem(std::string code, std::string hint) const {
    return {number_, {"", false, CsvProblem{std::move(code), std::move(hint)}}};
  }

  /// Reads one line. False when the line is too long; its surplus is then dropped.
  bool read_line(std::string& line) {
    bool fits = true;
    char c = 0;
    while (input_.get(c)) {
      ++taken_;
      if (c == '\n') break;
      if (line.size() < message::max_event_bytes)
        line += c;
      else
        fits = false;
    }
    if (number_ == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
    if (line.ends_with('\r')) line.pop_back();
    return fits;
  }

  std::istream& input_;
  std::uint64_t number_ = 0;
  std::uint64_t taken_ = 0;
};

class CsvSource final : public RowSource {
 public:
  CsvSource(std::istream& input, RowKind kind, const CsvOptions& csv, const MappingOptions& mapping)
      : reader_{input, csv}, mapping_{kind, reader_, mapping} {}

  std::optional<SourceRow> next() override {
    auto row = reader_.next();
    if (!row) return std::nullopt;
    return SourceRow{row->number, mapping_.apply(*row)};
  }

  std::uint64_t bytes_read() const override { return reader_.bytes_read(); }
  std::string unit() const override { return "row"; }

 private:
  CsvReader reader_;
  RowMapping mapping_;
};

}  // namespace

std::unique_ptr<RowSource> make_ndjson_source(std::istream& input) {
  return std::make_unique<NdjsonSource>(input);
}

std::unique_ptr<RowSource> make_csv_source(std::istream& input, RowKind kind, const CsvOptions& csv,
                                           const MappingOptions& mapping) {
  return std::make_unique<CsvSource>(input, kind, csv, mapping);
}

FileFormat guess_format(const std::string& path, std::istream& input) {
  const auto ending = std::filesystem::path{path}.extension().string();
  if (ending == ".csv" || ending == ".tsv") return FileFormat::csv;
  if (ending == ".ndjson" || ending == ".jsonl") return FileFormat::ndjson;
  while (input.peek() == '\n' || input.peek() == ' ' || input.peek() == '\r') input.get();
  return input.peek() == '{' ? FileFormat::ndjson : FileFormat::csv;
}

}  // namespace postrider::programs
