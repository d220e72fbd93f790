// The report of one round of a worker.
#pragma once

#include "domain/time.hpp"

namespace postrider::pipeline {

struct Round {
  int handled = 0;               // notifications looked at
  domain::Milliseconds wait{0};  // nothing more to do before this has passed (0: go on at once)
};

}  // namespace postrider::pipeline
