#include "settings/price_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>

#include "message/money/money_text.hpp"
#include "message/phone/phone.hpp"
#include "settings/config_keys.hpp"
#include "settings/units.hpp"

namespace postrider::settings {
namespace {

using message::PriceRow;

/// True for a day of the calendar as YYYY-MM-DD.
bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t from, std::size_t size) {
    const auto digits = text.substr(from, size);
    const bool all =
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    return all ? static_cast<int>(parse_integer(digits).value_or(0)) : 0;
  };
  const std::chrono::year_month_day date{std::chrono::year{number(0, 4)},
                                         std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                         std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  return number(0, 4) > 0 && date.ok();
}

/// A reader of one price file. read() throws all mistakes as one UsageError.
class PriceFile {
 public:
  explicit PriceFile(std::string path) : path_{std::move(path)} {}

  std::vector<PriceRow> read() {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path_, error))
      throw UsageError{"sms.prices: there is no file " + path_};
    try {
      take(toml::parse_file(path_));
    } catch (const toml::parse_error& e) {
      add_problem(e.source(), std::string{e.description()});
    }
    if (problems_.empty() && rows_.empty())
      problems_ = path_ + ": there is no price in it: write [[price]] tables";
    if (!problems_.empty()) throw UsageError{problems_};
    return std::move(rows_);
  }

 private:
  void add_problem(const toml::source_region& at, const std::string& what) {
    if (!problems_.empty()) problems_ += '\n';
    problems_ += path_ + ":" + std::to_string(at.begin.line) + ": " + what;
  }

  void take(const toml::table& file) {
    for (const auto& [key, node] : file) {
      if (key.str() == "price") {
        if (!node.is_array_of_tables())
          add_problem(key.source(), "prices are written as [[price]] tables");
      } else if (key.str() == "date" || key.str() == "source") {
        if (!node.is_string())
          add_problem(key.source(), std::string{key.str()} + " must be a text");
      } else {
        add_problem(key.source(), "there is no \"" + std::string{key.str()} +
                                      "\" here, only date, source and [[price]]");
      }
    }
    date_ = file["date"].value<std::string>().value_or("");
    source_ = file["source"].value<std::string>().value_or("");
    if (const auto* prices = file["price"].as_array())
      for (const auto& node : *prices)
        if (const auto* table = node.as_table()) take_row(*table);
  }

  void take_row(const toml::table& table) {
    PriceRow row;
    row.date = date_;
    row.source = source_;
    bool priced = false, valid = true;
    for (const auto& [key, node] : table) {
      const auto value = node.value_exact<std::string>();
      const std::string name{key.str()};
      const auto problem = value ? set(row, priced, name, *value) : name + " must be a text";
      if (problem.empty()) continue;
      add_problem(key.source(), problem);
      valid = false;
    }
    if (!valid) return;
    if (row.country.empty()) return add_problem(table.source(), "country is missing");
    if (!priced) return add_problem(table.source(), "per_part is missing");
    if (row.date.empty())
      return add_problem(table.source(), "date is missing, here and in the first lines");
    if (row.source.empty())
      return add_problem(table.source(), "source is missing, here and in the first lines");
    const auto is_same_price = [&](const PriceRow& other) {
      return other.country == row.country && other.carrier == row.carrier &&
             other.network == row.network;
    };
    if (std::any_of(rows_.begin(), rows_.end(), is_same_price))
      return add_problem(table.source(), row.country +
                                             " is listed twice with the same carrier and "
                                             "network");
    rows_.push_back(std::move(row));
  }

  /// Sets one field of the row. Returns the mistake in it; empty: there is none.
  static std::string set(PriceRow& row, bool& priced, const std::string& name,
                         const std::string& value) {
    if (name == "country") {
      if (!message::is_phone_region(value))
        return "country must be a two-letter code such as \"DE\" (ISO 3166)";
      row.country = value;
    } else if (name == "per_part" || name == "fee") {
      const auto money = message::parse_money(value);
      if (!money) return name + " must be an amount such as \"0.0743\", at most six decimals";
      (name == "fee" ? row.fee : row.per_part) = *money;
      priced = priced || name == "per_part";
    } else if (name == "date") {
      if (!is_date(value)) return "date must be a day such as \"2026-11-01\"";
      row.date = value;
    } else if (name == "carrier") {
      const auto* carriers = find_config_key("sms.carrier");
      if (Config any; carriers == nullptr || !carriers->parse(any, value))
        return "carrier must be " + (carriers ? carriers->expects : "a known carrier");
      row.carrier = value;
    } else if (name == "network") {
      row.network = value;
    } else if (name == "source") {
      row.source = value;
    } else {
      return "a price has no \"" + name +
             "\", only country, carrier, network, per_part, fee, date, source";
    }
    return {};
  }

  std::string path_;
  std::string problems_;
  std::string date_, source_;  // of rows without their own
  std::vector<PriceRow> rows_;
};

}  // namespace

message::PriceTable prices_of(const Config& config) {
  if (config.sms.prices.empty()) return message::PriceTable{config.sms.price_per_part};
  const bool worst_case = config.sms.unlisted == "worst_case";
  message::PriceTable table{PriceFile{config.sms.prices}.read(),
                            worst_case ? std::optional{config.sms.price_per_part} : std::nullopt};
  if (worst_case && *table.dearest() > config.sms.price_per_part)
    throw UsageError{"sms.price_per_part is " + message::print_money(config.sms.price_per_part) +
                     ", less than the dearest listed price (" +
                     message::print_money(*table.dearest()) +
                     "): as the worst case of unlisted countries it must be at least that"};
  return table;
}

}  // namespace postrider::settings
