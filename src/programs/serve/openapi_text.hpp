// The OpenAPI description of docs/, built into the program.
#pragma once

#include <string>

namespace postrider::programs {

std::string openapi_text();

}  // namespace postrider::programs
