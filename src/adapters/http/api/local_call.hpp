// Who counts as a program on this machine while no API key and no signature says who calls.
#pragma once

#include "adapters/http/server/exchange.hpp"

namespace postrider::adapters::http {

/// Without keys, a web page in the operator's browser could reach us under a name of its own that
/// points to loopback (DNS rebinding), or post a form here. Neither is a local caller.
bool is_local_call(const Head& head);

/// 403 for the others.
Response foreign_call();

}  // namespace postrider::adapters::http
