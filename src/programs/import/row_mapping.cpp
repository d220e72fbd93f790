#include "programs/import/row_mapping.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "message/phone/region.hpp"
#include "message/text/ascii.hpp"
#include "programs/outcome.hpp"
#include "programs/terminal.hpp"
#include "settings/units.hpp"

namespace postrider::programs {
namespace {

using Json = nlohmann::ordered_json;

const std::vector<std::string>& fields_of(RowKind kind) {
  static const std::vector<std::string> event{
      "order_id",       "customer_id",    "status",           "dedupe_key",    "parcel",
      "occurred_at",    "tracking_url",   "locale",           "contact.phone", "contact.email",
      "contact.locale", "contact.region", "contact.time_zone"};
  static const std::vector<std::string> customer{
      "id", "phone", "email", "locale", "region", "time_zone", "sms_opt_in", "email_opt_in"};
  return kind == RowKind::order_event ? event : customer;
}

std::vector<std::string> required_of(RowKind kind) {
  if (kind == RowKind::customer) return {"id"};
  return {"order_id", "customer_id", "status"};
}

bool is_field(RowKind kind, const std::string& name) {
  const auto& fields = fields_of(kind);
  if (std::find(fields.begin(), fields.end(), name) != fields.end()) return true;
  return kind == RowKind::order_event && name.starts_with("data.") && name.size() > 5;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
  const std::string near = settings::nearest(word, names);
  return near.empty() ? "" : " (did you mean \"" + plain(near) + "\"?)";
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + plain(name);
  return text;
}

std::size_t column_of(const CsvReader& csv, const std::string& name, const std::string& option) {
  if (const auto column = csv.column(name)) return *column;
  throw UsageError{option + ": there is no column \"" + plain(name) + "\"" +
                   did_you_mean(name, csv.columns()) + "; the file has " + joined(csv.columns())};
}

std::pair<std::string, std::string> split(const std::string& text, const std::string& option) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError{option + " " + plain(text) +
                     ": write it as field=" + (option == "--map" ? "column" : "value")};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::optional<bool> flag_of(std::string text) {
  constexpr std::array true_words{"true", "1", "yes", "y", "on"};
  constexpr std::array false_words{"false", "0", "no", "n", "off"};
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::find(true_words.begin(), true_words.end(), text) != true_words.end()) return true;
  if (std::find(false_words.begin(), false_words.end(), text) != false_words.end()) return false;
  return std::nullopt;
}

/// Sets a field of the document. False when the field can't have this value.
bool set_field(Json& document, const std::string& field, const std::string& value) {
  if (field.ends_with("_opt_in")) {
    const auto flag = flag_of(value);
    if (flag) document[field] = *flag;
    return flag.has_value();
  }
  const auto dot = field.find('.');
  Json& target = dot == std::string::npos ? document[field]
                                          : document[field.substr(0, dot)][field.substr(dot + 1)];
  const bool is_region = field == "region" || field == "contact.region";
  // An unknown country is sent unchanged, so that the service's answer refuses it with a reason.
  target = is_region ? message::region_of(value).value_or(value) : value;
  return true;
}

}  // namespace

RowMapping::RowMapping(RowKind kind, const CsvReader& csv, const MappingOptions& options)
    : kind_{kind}, null_{options.null} {
  add_maps(csv, options.maps);
  add_constants(options.constants);
  add_columns_by_name(csv);
  check_required(csv);
  for (const auto& name : options.skip_if_missing)
    skip_.push_back(column_of(csv, name, "--skip-if-missing"));
}

void RowMapping::add_maps(const CsvReader& csv, const std::vector<std::string>& maps) {
  for (const auto& map : maps) {
    const auto [field, column] = split(map, "--map");
    add({field, column_of(csv, column, "--map"), ""}, "--map");
  }
}

void RowMapping::add_constants(const std::vector<std::string>& constants) {
  for (const auto& constant : constants) {
    const auto [field, value] = split(constant, "--const");
    if (field.ends_with("_opt_in") && !flag_of(value))
      throw UsageError{"--const: " + field + " is true or false"};
    add({field, std::nullopt, value}, "--const");
  }
}

void RowMapping::add_columns_by_name(const CsvReader& csv) {
  for (std::size_t i = 0; i < csv.columns().size(); ++i) {
    const std::string& name = csv.columns()[i];
    const bool given = std::any_of(sources_.begin(), sources_.end(), [&](const Source& s) {
      return s.field == name || s.column == i;
    });
    if (!given && is_field(kind_, name)) sources_.push_back({name, i, ""});
  }
}

void RowMapping::add(Source source, const std::string& option) {
  if (!is_field(kind_, source.field))
    throw UsageError{option + ": there is no field \"" + plain(source.field) + "\"" +
                     did_you_mean(source.field, fields_of(kind_)) + "; there are " +
                     joined(fields_of(kind_)) +
                     (kind_ == RowKind::order_event ? " and data.NAME" : "")};
  for (const auto& other : sources_)
    if (other.field == source.field)
      throw UsageError{option + ": " + plain(source.field) + " is given twice"};
  sources_.push_back(std::move(source));
}

void RowMapping::check_required(const CsvReader& csv) const {
  for (const auto& field : required_of(kind_)) {
    const bool given = std::any_of(sources_.begin(), sources_.end(),
                                   [&](const Source& s) { return s.field == field; });
    if (given) continue;
    throw UsageError{"no column gives " + field + ": name it by --map " + field +
                     "=COLUMN, or set it by --const " + field + "=VALUE; the file has " +
                     joined(csv.columns())};
  }
}

bool RowMapping::is_missing(const std::string& value) const {
  const std::string text{message::trimmed(value)};
  return text.empty() || (null_ && text == *null_);
}

MappedRow RowMapping::apply(const CsvRow& row) const {
  if (row.problem) return {"", false, row.problem};
  for (const auto column : skip_)
    if (is_missing(row.fields[column])) return {"", true, std::nullopt};
  Json document = Json::object();
  for (const auto& source : sources_) {
    const std::string& value = source.column ? row.fields[*source.column] : source.constant;
    if (source.column && is_missing(value)) continue;
    if (!set_field(document, source.field,
                   source.column ? std::string{message::trimmed(value)} : value))
      return {"", false, CsvProblem{"invalid_value", source.field + " is true or false"}};
  }
  // A constant of the command line may be no UTF-8; the fields of a row always are (CsvReader).
  return {document.dump(-1, ' ', false, Json::error_handler_t::replace), false, std::nullopt};
}

}  // namespace postrider::programs
