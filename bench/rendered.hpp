// How long the texts are that the service makes of the benchmarks' orders, so that the ceilings
// store as many bytes. Apart from orders.hpp, because the ceilings are built without any of
// Postrider.
#pragma once

#include "orders.hpp"

namespace postrider::bench {

/// Asks the built-in templates. Throws std::runtime_error when they refuse.
TextLengths rendered_lengths();

}  // namespace postrider::bench
