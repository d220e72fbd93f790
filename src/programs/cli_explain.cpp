#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "domain/lifecycle.hpp"
#include "message/phone.hpp"
#include "message/replacement.hpp"
#include "message/segments.hpp"
#include "programs/cli.hpp"
#include "programs/explain.hpp"

namespace postrider::programs {
namespace {

using Json = nlohmann::ordered_json;

Json optional_text(const std::string& text) { return text.empty() ? Json() : Json(text); }

/// Each line of standard input to one line of standard output.
void each_line(const std::function<std::string(const std::string&)>& explain) {
  for (std::string line; std::getline(std::cin, line);) {
    if (line.ends_with('\r')) line.pop_back();
    std::cout << explain(line) << "\n" << std::flush;
  }
}

}  // namespace

std::string explain_segments(const std::string& line) {
  const auto parsed = Json::parse(line, nullptr, false);
  if (!parsed.is_string()) return R"({"error":"the line is not a JSON string"})";
  const auto text = parsed.get<std::string>();
  const auto replaced = message::replace_for_gsm7(text);
  const auto before = message::count_segments(text);
  const auto after = message::count_segments(replaced.text);
  Json pairs = Json::array();
  for (const auto& [from, to] : replaced.replaced) pairs.push_back({{"from", from}, {"to", to}});
  return Json{
      {"text", replaced.text},
      {"encoding", domain::name(after.encoding)},
      {"segments", after.segments},
      {"units", after.units},
      {"replaced", pairs},
      {"original", {{"encoding", domain::name(before.encoding)}, {"segments", before.segments}}}}
      .dump();
}

std::string explain_phone(const std::string& line, const std::string& region) {
  const auto number = message::normalise_phone(line, region);
  return Json{{"input", line},
              {"valid", number.valid},
              {"e164", optional_text(number.e164)},
              {"region", optional_text(number.region)},
              {"type", optional_text(number.type)},
              {"reason", optional_text(number.reason)}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

void add_explain_command(CLI::App& app, int& exit_code) {
  auto* explain = app.add_subcommand(
      "explain", "How Postrider sees one thing a line: standard input to JSON lines");
  explain->require_subcommand(1);
  explain->add_subcommand("segments", "SMS parts of texts (each line a JSON string)")
      ->callback([&exit_code] {
        each_line(explain_segments);
        exit_code = exit_done;
      });
  auto region = std::make_shared<std::string>();
  auto* phone = explain->add_subcommand("phone", "Phone numbers as people type them");
  phone->add_option("--region", *region, "country of numbers without a country code, such as US");
  phone->callback([region, &exit_code] {
    each_line([&](const std::string& line) { return explain_phone(line, *region); });
    exit_code = exit_done;
  });
  explain->add_subcommand("lifecycle", "The states of a notification, as Markdown with a drawing")
      ->callback([&exit_code] {
        std::cout << domain::draw_lifecycle();
        exit_code = exit_done;
      });
}

}  // namespace postrider::programs
