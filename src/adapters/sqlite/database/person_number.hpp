// The number under which the tables have the person whom the throttle counts. Pure.
#pragma once

#include <cstdint>

#include "domain/notification.hpp"

namespace postrider::adapters::sqlite {

/// FNV-1a of 64 bits (draft-eastlake-fnv) over mode, shop and person of `n`. Stored, so it never
/// changes.
std::int64_t person_number(const domain::Notification& n);

}  // namespace postrider::adapters::sqlite
