// The version of the program, from CMake.
#pragma once

namespace postrider::programs {

inline constexpr const char* version = POSTRIDER_VERSION;

}  // namespace postrider::programs
