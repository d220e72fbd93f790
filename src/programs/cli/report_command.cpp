#include <iostream>
#include <nlohmann/json.hpp>

#include "programs/cli/commands.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using json = nlohmann::ordered_json;

struct CostOptions {
  ServerOptions server;
  std::string month, by = "country", format = "table";
};

const std::vector<std::pair<const char*, const char*>> columns{
    {"messages", "MESSAGES"}, {"segments", "SEGMENTS"},    {"spent", "SPENT"},
    {"reserved", "RESERVED"}, {"segments_saved", "SAVED"}, {"money_saved", "MONEY SAVED"},
};

/// The report as CSV. No field needs quotes or is taken for a formula, because fields are codes,
/// amounts and statuses (letters, digits, "_", ".", "-").
std::string csv_of(const json& report, const std::string& by) {
  std::string out = by;
  for (const auto& [field, heading] : columns) out += std::string{","} + field;
  out += "\n";
  for (const auto& group : report["groups"]) {
    out += text_of(group, by.c_str());
    for (const auto& [field, heading] : columns) out += "," + text_of(group, field);
    out += "\n";
  }
  return out;
}

std::string table_of(const json& report, const std::string& by) {
  std::vector<std::vector<std::string>> rows;
  auto& heading = rows.emplace_back();
  heading.push_back(by);
  for (char& c : heading.back()) c = static_cast<char>(c - 'a' + 'A');
  for (const auto& [field, title] : columns) heading.emplace_back(title);
  const auto add = [&](const json& sums, std::string name) {
    auto& row = rows.emplace_back();
    row.push_back(std::move(name));
    for (const auto& [field, title] : columns) row.push_back(text_of(sums, field));
  };
  for (const auto& group : report["groups"]) {
    const auto key = text_of(group, by.c_str());
    add(group, key.empty() ? "-" : key);
  }
  add(report["total"], "total");
  std::string out = "SMS in " + text_of(report, "month") + ", in " + text_of(report, "currency") +
                    "\n\n" + table(rows) + "\n";
  if (report["complete"] == false)
    out += "forecast for the month: " + text_of(report, "forecast") + " of " +
           text_of(report, "limit") + " allowed\n";
  return out;
}

void show_cost(const CostOptions& o) {
  const auto client = make_client(o.server);
  const auto report =
      ask(*client, "GET", with_query("/v1/reports/cost", {{"month", o.month}, {"by", o.by}}));
  const auto format = o.server.json ? std::string{"json"} : o.format;
  if (format == "json")
    std::cout << dump(report) << "\n";
  else
    std::cout << (format == "csv" ? csv_of(report, o.by) : table_of(report, o.by));
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_code) {
  auto* report = app.add_subcommand("report", "Reports about costs");
  report->require_subcommand(1);
  auto o = std::make_shared<CostOptions>();
  auto* command =
      report->add_subcommand("cost", "Show the costs of SMS in a month, with a forecast");
  add_server_options(*command, o->server);
  command->add_option("--month", o->month,
                      "month such as 2026-11 (UTC); without it, the current one");
  command->add_option("--by", o->by, "a line for each country, status, carrier or day")
      ->check(CLI::IsMember({"country", "status", "carrier", "day"}))
      ->capture_default_str();
  command
      ->add_option("--format", o->format,
                   "table for people, csv for spreadsheets, json for programs")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->callback([o, &exit_code] {
    show_cost(*o);
    exit_code = exit_done;
  });
}

}  // namespace postrider::programs
