#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "programs/cli/commands.hpp"
#include "programs/import/importer.hpp"
#include "programs/store_access/aws_store.hpp"
#include "programs/store_access/local_store.hpp"

namespace postrider::programs {
namespace {

struct ImportOptions {
  RowKind kind = RowKind::order_event;
  std::string file;
  std::string format;
  std::string delimiter;
  std::string null;
  CsvOptions csv;
  MappingOptions mapping;
  ServerOptions server;
};

void add_file_options(CLI::App& command, ImportOptions& o) {
  command.add_option("FILE", o.file, "file to read; - for standard input")->required();
  command
      .add_option("--format", o.format,
                  "csv or ndjson; without it, by the file's name or first character")
      ->check(CLI::IsMember({"csv", "ndjson"}));
  add_repeated_option(command, "--map", o.mapping.maps,
                      "field=column of the file; may be repeated");
  add_repeated_option(command, "--const", o.mapping.constants,
                      "field=value for every row; may be repeated");
  add_repeated_option(command, "--skip-if-missing", o.mapping.skip_if_missing,
                      "skip rows without a value in this column; may be repeated");
  command.add_option("--null", o.null, "a text that means \"no value\", such as NULL");
  command.add_option("--loose-column", o.csv.loose_column,
                     "column with unquoted commas, which takes the surplus fields of a row");
  command.add_option("--delimiter", o.delimiter, "comma, semicolon or tab; without it, detected")
      ->check(CLI::IsMember({"comma", "semicolon", "tab"}));
}

std::unique_ptr<RowSource> open_source(ImportOptions& o, std::istream& input) {
  const FileFormat format = o.format.empty()    ? guess_format(o.file, input)
                            : o.format == "csv" ? FileFormat::csv
                                                : FileFormat::ndjson;
  if (format == FileFormat::ndjson) {
    const auto& m = o.mapping;
    if (!m.maps.empty() || !m.constants.empty() || !m.skip_if_missing.empty() || !o.null.empty() ||
        !o.csv.loose_column.empty())
      throw UsageError{
          "--map, --const, --skip-if-missing, --null and --loose-column are for CSV files; this is "
          "NDJSON"};
    return make_ndjson_source(input);
  }
  if (!o.null.empty()) o.mapping.null = o.null;
  if (o.delimiter == "comma") o.csv.delimiter = ',';
  if (o.delimiter == "semicolon") o.csv.delimiter = ';';
  if (o.delimiter == "tab") o.csv.delimiter = '\t';
  return make_csv_source(input, o.kind, o.csv, o.mapping);
}

std::unique_ptr<RowSink> open_aws(const ImportOptions& o) {
  return o.kind == RowKind::order_event ? open_aws_sink(o.server.aws_stack)
                                        : open_aws_customer_sink(o.server.aws_stack);
}

std::unique_ptr<RowSink> open_local(const ImportOptions& o) {
  const auto loaded = settings::load_config(o.server.sources);
  settings::validate(loaded, true);
  return o.kind == RowKind::order_event ? open_local_sink(loaded.config)
                                        : open_local_customer_sink(loaded.config);
}

int run_import(ImportOptions& o) {
  std::ifstream file;
  std::uint64_t size = 0;
  if (o.file != "-") {
    std::error_code error;
    if (std::filesystem::is_directory(o.file, error)) throw UsageError{o.file + " is a folder"};
    file.open(o.file, std::ios::binary);
    if (!file) throw UsageError{"can't read " + o.file + ": " + std::strerror(errno)};
    const auto length = std::filesystem::file_size(o.file, error);
    if (!error) size = length;
  }
  const auto source = open_source(o, o.file == "-" ? std::cin : file);
  std::unique_ptr<HttpClient> client;
  std::unique_ptr<RowSink> sink;
  if (!o.server.aws_stack.empty()) {
    sink = open_aws(o);
  } else if (o.server.sources.data) {
    sink = open_local(o);
  } else {
    client = make_http_client(o.server);
    sink = std::make_unique<HttpRowSink>(
        *client, o.kind == RowKind::order_event ? "/v1/order-events" : "/v1/customers");
  }
  const ImportView view{o.server.json ? std::cerr : std::cout, std::cerr,
                        ::isatty(STDERR_FILENO) == 1, size,
                        [](domain::Milliseconds pause) { std::this_thread::sleep_for(pause); }};
  const ImportSummary summary = Importer{*source, *sink, view}.run();
  std::cout << (o.server.json ? to_json(summary) + "\n" : describe(summary)) << std::flush;
  if (!summary.stopped.empty())
    throw Refused{summary.stopped +
                  "\nnot all rows are in; run the same command again: rows that are in already "
                  "count as duplicates and send nothing"};
  return summary.refused == 0 ? exit_done : exit_refused;
}

void add_import(CLI::App& command, RowKind kind, int& exit_code) {
  auto options = std::make_shared<ImportOptions>();
  options->kind = kind;
  add_file_options(command, *options);
  add_server_options(command, options->server);
  command.callback([options, &exit_code] { exit_code = run_import(*options); });
}

}  // namespace

void add_import_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("import",
                                     "Import order events from a file (NDJSON or CSV): to the "
                                     "service, or into a store with --data or --aws");
  command->footer(
      "Fields: order_id, customer_id, status (all three needed), dedupe_key, parcel, occurred_at, "
      "tracking_url, locale, contact.phone, contact.email, contact.locale, contact.region, "
      "contact.time_zone, data.NAME. Columns that have these names need no --map.\n"
      "Exit: 0 all accepted or duplicate, 1 a row refused or the service not reached, 2 usage.");
  add_import(*command, RowKind::order_event, exit_code);
}

void add_customers_import(CLI::App& customers, int& exit_code) {
  auto* command = customers.add_subcommand(
      "import", "Import customers from a file (NDJSON or CSV); a known customer is replaced");
  command->footer(
      "Fields: id (needed), phone, email, locale, time_zone, region, sms_opt_in, email_opt_in.\n"
      "Countries may be written out (\"Germany\"). Numbers that can't be called are reported by "
      "row.");
  add_import(*command, RowKind::customer, exit_code);
}

}  // namespace postrider::programs
