#include "programs/demo/demo_report.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "message/money/money_text.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using domain::State;

std::string number(std::int64_t n) { return grouped(static_cast<std::uint64_t>(n)); }

std::string money(std::int64_t micros) {
  constexpr std::int64_t micros_a_cent = 10'000;
  const auto cents = (micros + micros_a_cent / 2) / micros_a_cent;
  return message::print_money({cents * micros_a_cent});
}

std::uint64_t sum(const std::map<std::string, std::uint64_t>& counts) {
  std::uint64_t total = 0;
  for (const auto& [code, n] : counts) total += n;
  return total;
}

}  // namespace

std::int64_t metric(std::string_view text, std::string_view name) {
  const std::string wanted = "\n" + std::string{name} + " ";
  const auto at = text.find(wanted);
  if (at == text.npos) return 0;
  return static_cast<std::int64_t>(
      std::strtod(std::string{text.substr(at + wanted.size(), 32)}.c_str(), nullptr));
}

void DemoReport::count(const RowResult& result) {
  if (!result.code.empty()) {
    ++refused[result.code];
  } else {
    ++(result.duplicate ? duplicates : accepted);
  }
}

void DemoReport::count_again(const RowResult& result) {
  accepted_again += result.code.empty() && !result.duplicate;
}

void DemoReport::read_metrics(std::string_view text) {
  submitted = metric(text, "postrider_sms_submitted_total");
  segments = metric(text, "postrider_sms_segments_total");
  spent_micros = metric(text, "postrider_spent_micros");
  reserved_micros = metric(text, "postrider_reserved_micros");
}

void DemoReport::read_costs(const std::string& report) {
  const auto json = nlohmann::ordered_json::parse(report, nullptr, false);
  if (!json.is_object() || !json.contains("total")) return;
  segments_saved = json["total"].value("segments_saved", std::int64_t{0});
  const auto saved = json["total"].value("money_saved", std::string{"0"});
  money_saved_micros = message::parse_money(saved).value_or(domain::Money{}).micros;
}

void DemoReport::read_metrics_again(std::string_view text) {
  submitted_again = metric(text, "postrider_sms_submitted_total") - submitted;
}

bool DemoReport::nothing_lost() const {
  std::uint64_t ended = 0, total = 0;
  for (const auto& [state, n] : ends) {
    total += static_cast<std::uint64_t>(n);
    if (domain::is_end(state)) ended += static_cast<std::uint64_t>(n);
  }
  return accepted + duplicates + sum(refused) == rows && total == accepted && ended == accepted &&
         accepted_again == 0 && submitted_again == 0 && findings.empty();
}

std::string DemoReport::table(const std::string& folder) const {
  const auto in = [this](State state) {
    const auto found = ends.find(state);
    return number(found == ends.end() ? 0 : found->second);
  };
  std::vector<std::vector<std::string>> lines{{"fate of the rows", "rows", ""}};
  lines.push_back({"sent by the shop", grouped(rows), ""});
  lines.push_back({"accepted", grouped(accepted), ""});
  lines.push_back({"repeats", grouped(duplicates), "send nothing"});
  for (const auto& [code, n] : refused) lines.push_back({"refused", grouped(n), code});
  lines.push_back({"delivered by SMS", in(State::delivered), ""});
  lines.push_back({"delivered by e-mail", in(State::emailed), "SMS impossible, failed or silent"});
  lines.push_back({"no contact", in(State::no_contact), "neither phone nor e-mail"});
  lines.push_back({"superseded", in(State::superseded), "a newer status came first"});
  lines.push_back({"dead letters", in(State::dead), "wait for an operator"});
  for (const auto& [state, n] : ends)
    if (n > 0 && !domain::is_end(state))
      lines.push_back({"STILL " + std::string{domain::name(state)}, number(n), ""});
  lines.push_back({"SMS segments", number(segments), "in " + number(submitted) + " messages"});
  lines.push_back({"cost, worst case", money(spent_micros) + " USD",
                   money(reserved_micros) + " more reserved"});
  lines.push_back({"segments saved", number(segments_saved),
                   "by replaced characters: " + money(money_saved_micros) + " USD not spent"});
  const auto rate = seconds > 0 ? static_cast<double>(accepted) / seconds : 0.0;
  char pace[80];
  std::snprintf(pace, sizeof pace, "from event to end state, %.1f s", seconds);
  lines.push_back({"orders a second", grouped(static_cast<std::uint64_t>(rate)), pace});
  lines.push_back(
      {"the same file again", grouped(accepted_again), number(submitted_again) + " messages sent"});
  std::string text = "\n" + programs::table(lines);
  for (const auto& finding : findings) text += "  verify: " + finding + "\n";
  text += nothing_lost()
              ? "\nNothing is lost: every row is accounted for, and `postrider verify` holds.\n"
              : "\nSOMETHING IS MISSING: the numbers above do not add up.\n";
  text += "To see more:\n" +
          programs::table({{"command", "shows"},
                           {"build/release/postrider serve --data " + folder, "the service again"},
                           {"ls " + folder + "/outbox", "the e-mails"},
                           {"less " + folder + "/service.log", "the log, as JSON lines"}});
  return text;
}

}  // namespace postrider::programs
