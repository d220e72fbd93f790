// The OpenAPI description, built into the program from docs/openapi.yaml. Immutable.
#pragma once

#include <string>

namespace postrider::programs {

std::string openapi_text();

}  // namespace postrider::programs
