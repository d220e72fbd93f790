#include <iostream>
#include <stdexcept>

#include "load.hpp"
#include "measurements.hpp"
#include "orders.hpp"
#include "rendered.hpp"
#include "service.hpp"

namespace postrider::bench {
namespace {

std::vector<double> load(std::uint16_t port, int connections, const Settings& settings) {
  const auto result = run_load({.port = port,
                                .connections = connections,
                                .warm_up = settings.warm_up,
                                .measured = settings.measured});
  if (result.refused > 0)
    throw std::runtime_error{std::to_string(result.refused) + " orders were not accepted"};
  return {result.per_second, result.p50_ms, result.p99_ms};
}

std::vector<double> bare(const Settings& settings, const TextLengths& lengths, int connections) {
  const Folder folder{settings};
  Child child{{settings.bare_accept, folder / "bare.db", std::to_string(lengths.sms),
               std::to_string(lengths.subject), std::to_string(lengths.email)},
              folder / "output"};
  return load(child.port(), connections, settings);
}

}  // namespace

std::vector<Figure> measure_intake(const Settings& settings) {
  const auto lengths = rendered_lengths();
  std::vector<Figure> measured;
  for (const int connections : {256, 32}) {
    const auto title = "one order a POST, " + std::to_string(connections) + " connections";
    std::vector<Figure> figures{
        {.number = "P1", .what = title, .unit = "orders/s", .better = Better::more, .goal = 0.8},
        {.number = "P1", .what = title, .unit = "p50 ms", .better = Better::less},
        {.number = "P1", .what = title, .unit = "p99 ms", .better = Better::less, .goal = 1.5}};
    Measurement ours;
    if (!settings.ceilings_only)
      ours = [&] {
        const Service service{settings};
        return load(service.port(), connections, settings);
      };
    measure_alternately(
        settings.rounds, title, figures, ours, [&] { return bare(settings, lengths, connections); },
        std::cerr);
    for (auto& figure : figures) measured.push_back(std::move(figure));
  }
  return measured;
}

}  // namespace postrider::bench
