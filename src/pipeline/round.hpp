// The report of one round of a worker. A plain value.
#pragma once

#include "domain/time.hpp"

namespace postrider::pipeline {

struct Round {
  int handled = 0;  // notifications looked at
  domain::Milliseconds wait{
      0};  // the next round is useless before this has passed; 0: go on at once
};

}  // namespace postrider::pipeline
