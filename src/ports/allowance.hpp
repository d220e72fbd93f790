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

  /// Takes up to `most` SMS parts of this moment's rate. Never more than the limit in any second.
  virtual domain::Result<PartsGrant> take_parts(int most, domain::TimePoint now) = 0;
  /// Gives back parts taken but not submitted.
  virtual void return_parts(int parts) = 0;
  /// `month` is yyyymm, UTC.
  virtual domain::Result<BudgetStatus> budget(int month) = 0;
};

}  // namespace postrider::ports
