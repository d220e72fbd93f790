// `make bench`: measures the goals P1 to P3, P8, P10 and P11 beside their ceilings and prints one
// table. A goal that is missed is printed as such and fails nothing; the exit code is 1 when a
// measurement broke.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "measurements.hpp"
#include "programs/allocator.hpp"

namespace postrider::bench {
namespace {

namespace fs = std::filesystem;

/// Beside this program: build/bench/bench/postrider_bench measures build/bench/postrider.
Settings defaults() {
  const auto here = fs::read_symlink("/proc/self/exe").parent_path();
  const auto build = here.parent_path();
  Settings settings;
  settings.postrider = build / "postrider";
  settings.bare_accept = here / "bare_accept";
  settings.zips = build.parent_path() / "lambda";
  settings.python = build.parent_path() / "venv/bin/python";
  settings.python_function = POSTRIDER_PYTHON_FUNCTION;
  settings.data = build / "tmp";
  settings.results = build / "results.json";
  return settings;
}

struct Part {
  const char* number;
  std::vector<Figure> (*measure)(const Settings&);
};
constexpr std::array parts{Part{"P1", measure_intake},     Part{"P2", measure_bulk},
                           Part{"P3", measure_life_cycle}, Part{"P8", measure_cold_start},
                           Part{"P10", measure_message},   Part{"P11", measure_replacement}};

int run(const Settings& settings) {
  fs::remove_all(settings.data);
  fs::create_directories(settings.data);
  const auto machine = look_at_machine(settings.data);
  print(std::cout, machine);
  std::cout << std::endl;
  std::vector<Figure> figures;
  bool broken = false;
  for (const Part& part : parts) {
    if (!settings.only.empty() && !settings.only.contains(part.number)) continue;
    try {
      for (auto& figure : part.measure(settings)) figures.push_back(std::move(figure));
    } catch (const std::exception& error) {
      std::cerr << part.number << " could not be measured: " << error.what() << std::endl;
      broken = true;
    }
  }
  fs::remove_all(settings.data);
  print_table(std::cout, figures);
  std::cout << "\nRounds: " << settings.rounds
            << ", ours and ceiling in turns; figures are medians, the "
            << "ratio the median of the rounds' ratios.\n"
            << "Ceilings: bench/ceilings. P1: server and load generator share the cores, on both "
            << "sides. P2, P3:\nthe ceiling is one process that parses and renders nothing; in P2 "
            << "ours is a client and a server.\nP8: the fastest of five starts a round, ours from "
            << "its zip; Python without the runtime that\nLambda adds to it.\n";
  std::ofstream{settings.results} << to_json(machine, figures, settings.rounds);
  std::cout << "Written: " << settings.results.string() << std::endl;
  return broken ? 1 : 0;
}

int run(int argc, char** argv) {
  Settings settings = defaults();
  bool quick = false;
  CLI::App app{"Measures Postrider beside its ceilings"};
  app.add_flag("--quick", quick, "one short round, to see that all works");
  app.add_flag("--ceilings", settings.ceilings_only, "measure the ceilings alone");
  app.add_option("--only", settings.only, "P1, P2, P3, P8, P10, P11")
      ->check(CLI::IsMember({"P1", "P2", "P3", "P8", "P10", "P11"}));
  auto* rounds =
      app.add_option("--rounds", settings.rounds, "rounds a figure")->check(CLI::Range(1, 1000));
  app.add_option("--postrider", settings.postrider, "the program to measure");
  auto* disk = app.add_option("--disk", settings.data, "folder on the disk to measure");
  app.add_option("--results", settings.results, "where the JSON goes");
  CLI11_PARSE(app, argc, argv);
  const int asked = settings.rounds;
  if (quick) settings.make_quick();
  if (rounds->count() > 0) settings.rounds = asked;
  if (disk->count() > 0) settings.data /= "postrider-bench";  // emptied: ours alone
  return run(settings);
}

}  // namespace
}  // namespace postrider::bench

int main(int argc, char** argv) {
  postrider::programs::keep_freed_memory();  // as the service does
  try {
    return postrider::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "postrider_bench: " << error.what() << "\n";
    return 1;
  }
}
