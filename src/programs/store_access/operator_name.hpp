// Who does it, for the audit log of a store that a command changes itself.
#pragma once

#include <string>

namespace postrider::programs {

/// "local:anna": whoever is logged in.
std::string operator_name();

}  // namespace postrider::programs
