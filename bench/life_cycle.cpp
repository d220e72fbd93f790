#include "measurements.hpp"

namespace postrider::bench {

std::vector<Figure> measure_life_cycle(const Settings&) { return {}; }

}  // namespace postrider::bench
