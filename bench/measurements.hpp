// The measurements of the goals P1 to P3, P8, P10 and P11, each beside its ceiling. Progress goes
// to standard error. Each throws std::runtime_error when an answer is wrong, because the figure of
// a broken run would mislead.
#pragma once

#include <vector>

#include "figures.hpp"
#include "settings.hpp"

namespace postrider::bench {

/// P1: one order a POST, durable, over HTTP, beside the bare accept path.
std::vector<Figure> measure_intake(const Settings& settings);

/// P2: many orders at once, over HTTP and from a file, beside SQLite with the same rows.
std::vector<Figure> measure_bulk(const Settings& settings);

/// P3: from order event to receipt in this process, beside SQLite with the same life cycle.
std::vector<Figure> measure_life_cycle(const Settings& settings);

/// P8: cold starts of the functions of AWS Lambda, beside Python with boto3.
std::vector<Figure> measure_cold_start(const Settings& settings);

/// P10: phone numbers and segments, beside libphonenumber and beside a microsecond.
std::vector<Figure> measure_message(const Settings& settings);

/// P11: segments of shop texts in ten languages and more, beside the rules of peers.
std::vector<Figure> measure_replacement(const Settings& settings);

}  // namespace postrider::bench
