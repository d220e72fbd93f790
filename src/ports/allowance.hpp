// What may still be used: SMS parts a second over all workers together, and money a month. Money is
// reserved inside NotificationStore::claim_sms and settled by record(); here it is only read.
#pragma once

#include "domain/money.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace postrider::ports {

struct BudgetStatus {
  domain::Money spent;
  domain::Money reserved;
};

struct PartsGrant {
  int parts = 0;              // may be submitted now
  domain::Milliseconds wait;  // when `parts` is 0: ask again after this
};

class Allowance {
 public:
  virtual ~Allowance() = default;

  /// Takes between `least` and `most` SMS parts of this moment's rate, or none: the parts of one
  /// message go out together. Never more than the limit in any second, except for one message that
  /// is longer than the limit: it waits for an idle second and then uses up those that follow.
  virtual domain::Result<PartsGrant> take_parts(int least, int most, domain::TimePoint now) = 0;
  /// Gives back parts taken but not submitted.
  virtual void return_parts(int parts) = 0;
  /// `month` is yyyymm, UTC.
  virtual domain::Result<BudgetStatus> budget(int month) = 0;
};

}  // namespace postrider::ports
