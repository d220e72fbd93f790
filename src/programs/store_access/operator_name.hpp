// The name of the person who runs a command, for the audit log of a store that the command changes.
// For the main thread.
#pragma once

#include <string>

namespace postrider::programs {

/// "local:" and the name of the process's user, or the user's number: "local:anna".
std::string operator_name();

}  // namespace postrider::programs
