// The version of the program, as CMakeLists.txt has it.
#pragma once

namespace postrider::programs {

inline constexpr const char* version = POSTRIDER_VERSION;

}  // namespace postrider::programs
