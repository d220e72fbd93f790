// The lengths of the texts that the service renders of the benchmarks' orders, so that the ceilings
// store as many bytes. Apart from orders.hpp, because the ceilings are built without any of
// Postrider.
#pragma once

#include "orders.hpp"

namespace postrider::bench {

/// Renders the built-in templates. Throws std::runtime_error when they refuse.
TextLengths rendered_lengths();

}  // namespace postrider::bench
