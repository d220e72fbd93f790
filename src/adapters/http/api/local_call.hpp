// The test whether a program on this machine sent a request, for requests without an API key and
// without a signature. Pure.
#pragma once

#include "adapters/http/server/exchange.hpp"

namespace postrider::adapters::http {

/// True where the Host field names this machine and the Origin field, if there is one, is the same
/// host. Otherwise a web page in the operator's browser may have sent the request: under a name of
/// its own that points to loopback (DNS rebinding), or as a form.
bool is_local_call(const Head& head);

/// The answer to a request that is not local: 403 "not_local".
Response not_local();

}  // namespace postrider::adapters::http
