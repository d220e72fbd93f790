#include "programs/store_access/operator_name.hpp"

#include <pwd.h>
#include <unistd.h>

namespace postrider::programs {

std::string operator_name() {
  const auto* user = ::getpwuid(::getuid());
  return "local:" + (user != nullptr ? std::string{user->pw_name} : std::to_string(::getuid()));
}

}  // namespace postrider::programs
