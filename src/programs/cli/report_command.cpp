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

/// Needs no quotes and is no formula: codes, amounts and statuses (letters, digits, "_", ".", "-").
std::string csv(const json& report, const std::string& by) {
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

std::string as_table(const json& report, const std::string& by) {
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

void cost(const CostOptions& o) {
  const auto client = make_client(o.server);
  const auto report =
      ask(*client, "GET", with_query("/v1/reports/cost", {{"month", o.month}, {"by", o.by}}));
  const auto format = o.server.json ? std::string{"json"} : o.format;
  if (format == "json")
    std::cout << dump(report) << "\n";
  else
    std::cout << (format == "csv" ? csv(report, o.by) : as_table(report, o.by));
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_code) {
  auto* report = app.add_subcommand("report", "What happened, in sums");
  report->require_subcommand(1);
  auto o = std::make_shared<CostOptions>();
  auto* command = report->add_subcommand("cost", "What SMS cost in a month, with a forecast");
  add_server_options(*command, o->server);
  command->add_option("--month", o->month,
                      "such as 2026-11 (UTC); the current one where not given");
  command->add_option("--by", o->by, "a line for each country, status, carrier or day")
      ->check(CLI::IsMember({"country", "status", "carrier", "day"}))
      ->capture_default_str();
  command->add_option("--format", o->format, "for people, spreadsheets or programs")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->callback([o, &exit_code] {
    cost(*o);
    exit_code = exit_done;
  });
}

}  // namespace postrider::programs
