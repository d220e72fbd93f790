// The settings of the C library's allocator for a process that works in batches.
#pragma once

namespace postrider::programs {

/// Keeps up to 32 MiB of freed memory in each of the allocator's heaps, so that the memory of one
/// batch serves the next. By default it goes back to the kernel after each batch and is asked for
/// again, zeroed page by page: a tenth of the time of a batch of 1,000. Called once, before the
/// first thread.
void keep_freed_memory();

}  // namespace postrider::programs
