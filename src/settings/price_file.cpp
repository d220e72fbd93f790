#include "settings/price_file.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>

#include "message/money/money_text.hpp"
#include "message/text/ascii.hpp"
#include "message/text/nearest_name.hpp"
#include "settings/checks.hpp"
#include "settings/toml_file.hpp"
#include "settings/units.hpp"

namespace postrider::settings {
namespace {

using message::PriceRow;

/// True for a day of the calendar as YYYY-MM-DD.
bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t from, std::size_t size) {
    const auto digits = text.substr(from, size);
    int value = 0;
    for (const char c : digits) value = message::is_digit(c) ? value * 10 + (c - '0') : -10'000'000;
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year{number(0, 4)},
                                         std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                         std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  return number(0, 4) > 0 && number(5, 2) > 0 && number(8, 2) > 0 && date.ok();
}

/// A reader of one price file. Mistakes are collected in the file.
class PriceReader {
 public:
  explicit PriceReader(TomlFile& file) : file_{file} {}

  std::vector<PriceRow> read() {
    const auto table = file_.read();
    if (file_.has_problems()) return {};
    for (const auto& [key, node] : table) take(std::string{key.str()}, node, key.source());
    if (const auto* prices = table["price"].as_array())
      for (const auto& node : *prices)
        if (const auto* row = node.as_table()) take_row(*row);
    if (!file_.has_problems() && rows_.empty())
      file_.add_problem(0, "there is no price in it: write [[price]] tables");
    return std::move(rows_);
  }

 private:
  void take(const std::string& name, const toml::node& node, const toml::source_region& at) {
    if (name == "price") {
      if (!node.is_array_of_tables())
        file_.add_problem(at, "prices are written as [[price]] tables");
      return;
    }
    const auto problem = name == "date" || name == "source"
                             ? set(common_, name, text_of_value(node))
                             : "there is no \"" + name +
                                   "\" here, only date, source and [[price]]" +
                                   meant(name, {"date", "source", "price"});
    if (!problem.empty()) file_.add_problem(at, problem);
  }

  /// What a row says beside its price.
  struct Written {
    bool priced = false, flat_rate = false;
  };

  void take_row(const toml::table& table) {
    PriceRow row = common_;
    Written written;
    const auto before = file_.problem_count();
    for (const auto& [key, node] : table) {
      const std::string name{key.str()};
      const auto value = text_of_value(node);
      std::string problem;
      if (name == "flat_rate") {
        written.flat_rate = node.is_boolean() && value == "true";
        if (!node.is_boolean()) problem = "flat_rate must be true or false";
      } else {
        problem = set(row, name, value);
      }
      written.priced = written.priced || name == "per_part";
      if (!problem.empty()) file_.add_problem(key.source(), problem);
    }
    if (file_.problem_count() > before) return;
    if (const auto problem = mistake_in_row(row, written); !problem.empty())
      return file_.add_problem(table.source(), problem);
    rows_.push_back(std::move(row));
  }

  std::string mistake_in_row(const PriceRow& row, const Written& written) {
    if (row.country.empty()) return "country is missing";
    if (!written.priced) return "per_part is missing";
    if (row.date.empty())
      return std::string{row.source.empty() ? "date and source are" : "date is"} +
             " missing, here and in the first lines";
    if (row.source.empty()) return "source is missing, here and in the first lines";
    if ((row.per_part + row.fee).micros == 0 && !written.flat_rate)
      return "a price of 0 for " + row.country +
             " would let SMS go past every limit; where the carrier bills nothing a part, write "
             "flat_rate = true";
    if (!listed_.insert({row.country, row.carrier, row.network}).second)
      return row.country + " is listed twice with the same carrier and network";
    return {};
  }

  static std::string meant(const std::string& name, const std::vector<std::string>& known) {
    const auto best = nearest(name, known);
    return best.empty() ? "" : " (did you mean \"" + best + "\"?)";
  }

  /// A list may have rows of carriers that the shop does not use, but a slip in the name of one
  /// that it does would leave it without prices.
  static std::string carrier_mistake(const std::string& value) {
    std::vector<std::string_view> own;
    for (const auto home : {Home::machine, Home::aws})
      own.insert(own.end(), carriers_of(home).begin(), carriers_of(home).end());
    const auto near = message::nearest_name(value, own);
    if (near->distance == 0 || near->distance > 1 + value.size() / 8) return {};
    return "is no carrier (did you mean \"" + std::string{near->name} + "\"?)";
  }

  /// Sets one field of the row. Returns the mistake in it; empty: there is none.
  static std::string set(PriceRow& row, const std::string& name,
                         const std::optional<std::string>& value) {
    if (!value) return name + " must be a text";
    const auto written = name + " = \"" + *value + "\" ";
    if (name == "country") {
      if (auto mistake = country_mistake(*value); !mistake.empty()) return written + mistake;
      row.country = *value;
    } else if (name == "per_part" || name == "fee") {
      const auto money = message::parse_money(*value);
      if (!money)
        return written + std::string{message::money_mistake(*value)} +
               "; write an amount such as \"0.0743\"";
      (name == "fee" ? row.fee : row.per_part) = *money;
    } else if (name == "date") {
      row.date = *value;  // so that a wrong one is not missing as well
      if (!is_date(*value)) return written + "is no day such as \"2026-11-01\"";
    } else if (name == "carrier") {
      row.carrier = message::lower(*value);
      if (const auto mistake = carrier_mistake(row.carrier); !mistake.empty())
        return written + mistake;
    } else if (name == "network") {
      row.network = *value;
    } else if (name == "source") {
      row.source = *value;
    } else {
      return "a price has no \"" + name +
             "\", only country, carrier, network, per_part, fee, flat_rate, date, source" +
             meant(name, {"country", "carrier", "network", "per_part", "fee", "flat_rate", "date",
                          "source"});
    }
    return {};
  }

  TomlFile& file_;
  PriceRow common_;  // date and source of rows without their own
  std::vector<PriceRow> rows_;
  std::set<std::array<std::string, 3>> listed_;  // country, carrier and network of each row
};

void refuse_zero(const Config& config) {
  if (config.sms.price_per_part.micros == 0 && !config.sms.flat_rate)
    throw UsageError{
        "sms.price_per_part is 0, which would let SMS go past every limit; where the carrier bills "
        "nothing a part, set sms.flat_rate = true"};
}

}  // namespace

message::PriceTable prices_of(const Config& config) {
  const bool worst_case = config.sms.unlisted == "worst_case";
  if (config.sms.prices.empty() || worst_case) refuse_zero(config);
  if (config.sms.prices.empty()) return message::PriceTable{config.sms.price_per_part};
  TomlFile file{config.sms.prices, "sms.prices"};
  message::PriceTable table{PriceReader{file}.read(),
                            worst_case ? std::optional{config.sms.price_per_part} : std::nullopt};
  throw_if_any(file.problems());
  const auto range = table.range(config.sms.carrier, std::nullopt);
  if (worst_case && range->highest > config.sms.price_per_part)
    throw UsageError{"sms.price_per_part is " + message::print_money(config.sms.price_per_part) +
                     ", less than the dearest listed price (" +
                     message::print_money(range->highest) +
                     "): as the worst case of unlisted countries it must be at least that"};
  return table;
}

}  // namespace postrider::settings
