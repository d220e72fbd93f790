#include "programs/allocator.hpp"

#include <malloc.h>

namespace postrider::programs {

void keep_freed_memory() {
  // glibc (mallopt(3)). A block above the first limit is a mapping of its own and goes back at
  // once.
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
}

}  // namespace postrider::programs
