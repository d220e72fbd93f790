#include "figures.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

namespace postrider::bench {
namespace {

std::string number_text(double value) {
  if (value == 0) return "-";
  const char* format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  std::string result{text};
  if (value >= 10'000)
    for (auto at = static_cast<std::ptrdiff_t>(result.size()) - 3; at > 0; at -= 3)
      result.insert(static_cast<std::size_t>(at), ",");
  return result;
}

std::string goal_text(const Figure& figure) {
  if (figure.goal == 0) return "";
  const std::string goal =
      (figure.better == Better::more ? ">= " : "<= ") + number_text(figure.goal);
  if (ratio(figure) == 0) return goal;
  return goal + (reached(figure) ? "  reached" : "  below goal");
}

std::string progress_text(const std::vector<Figure>& figures, const std::vector<double>& values) {
  std::string text;
  for (std::size_t i = 0; i < figures.size(); ++i)
    text += (i > 0 ? ", " : "") + number_text(values[i]) + " " + figures[i].unit;
  return text;
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double ratio(const Figure& figure) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(figure.ours.size(), figure.ceiling.size()); ++i)
    if (figure.ceiling[i] > 0) ratios.push_back(figure.ours[i] / figure.ceiling[i]);
  return median(std::move(ratios));
}

bool reached(const Figure& figure) {
  if (figure.goal == 0) return true;
  return figure.better == Better::more ? ratio(figure) >= figure.goal
                                       : ratio(figure) <= figure.goal;
}

void measure_alternately(int rounds, const std::string& title, std::vector<Figure>& figures,
                         const Measurement& ours, const Measurement& ceiling,
                         std::ostream& progress) {
  const auto measure = [&](const Measurement& side, const char* name,
                           std::vector<double> Figure::*values, int round) {
    if (!side) return;
    const auto measured = side();
    for (std::size_t i = 0; i < figures.size(); ++i) (figures[i].*values).push_back(measured[i]);
    progress << title << ", round " << round << "/" << rounds << ", " << name << ": "
             << progress_text(figures, measured) << std::endl;
  };
  for (int round = 1; round <= rounds; ++round) {
    measure(ours, "ours", &Figure::ours, round);
    measure(ceiling, "ceiling", &Figure::ceiling, round);
  }
}

Figure measure_one(int rounds, Figure figure, const std::function<double()>& ours,
                   const std::function<double()>& ceiling, std::ostream& progress) {
  const auto title = figure.what;
  std::vector<Figure> figures{std::move(figure)};
  Measurement single;
  if (ours) single = [&] { return std::vector{ours()}; };
  measure_alternately(
      rounds, title, figures, single, [&] { return std::vector{ceiling()}; }, progress);
  return std::move(figures.front());
}

void print_table(std::ostream& out, const std::vector<Figure>& figures) {
  std::size_t width = 4;
  for (const auto& f : figures) width = std::max(width, f.what.size() + f.unit.size() + 2);
  const auto line = [&](const std::string& number, const std::string& what, const std::string& ours,
                        const std::string& ceiling, const std::string& of,
                        const std::string& goal) {
    char text[256];
    std::snprintf(text, sizeof text, "%-3s %-*s %10s %10s %7s  %s", number.c_str(),
                  static_cast<int>(width), what.c_str(), ours.c_str(), ceiling.c_str(), of.c_str(),
                  goal.c_str());
    std::string trimmed{text};
    trimmed.erase(trimmed.find_last_not_of(' ') + 1);
    out << trimmed << "\n";
  };
  line("", "what", "ours", "ceiling", "ratio", "goal");
  for (const auto& f : figures)
    line(f.number, f.what + ", " + f.unit, number_text(median(f.ours)),
         number_text(median(f.ceiling)), number_text(ratio(f)), goal_text(f));
}

std::string to_json(const Machine& machine, const std::vector<Figure>& figures, int rounds) {
  nlohmann::ordered_json document{
      {"machine",
       {{"cores", machine.cores},
        {"processor", machine.processor},
        {"memory_mib", machine.memory_mib},
        {"kernel", machine.kernel},
        {"file_system", machine.file_system},
        {"sqlite", machine.sqlite},
        {"compiler", machine.compiler},
        {"load_before", machine.load_before},
        {"synced_writes_per_second", machine.synced_writes_per_second}}},
      {"rounds", rounds}};
  auto& list = document["figures"] = nlohmann::ordered_json::array();
  for (const auto& f : figures) {
    nlohmann::ordered_json entry{{"number", f.number},
                                 {"what", f.what},
                                 {"unit", f.unit},
                                 {"ours", median(f.ours)},
                                 {"ceiling", median(f.ceiling)},
                                 {"ratio", ratio(f)}};
    if (f.goal != 0) {
      entry["goal"] = {{"at", f.better == Better::more ? "least" : "most"}, {"ratio", f.goal}};
      entry["reached"] = reached(f);
    }
    entry["ours_by_round"] = f.ours;
    entry["ceiling_by_round"] = f.ceiling;
    list.push_back(std::move(entry));
  }
  return document.dump(2) + "\n";
}

}  // namespace postrider::bench
