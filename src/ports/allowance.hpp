// The allowance of all workers together: SMS parts a second, and money a month. Money is reserved
// in NotificationStore::claim_sms and settled by record(); here it is only read. Thread-safe.
#pragma once

#include "domain/money.hpp"
#include "domain/rate_window.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace postrider::ports {

struct BudgetStatus {
  domain::Money spent;
  domain::Money reserved;
};

class Allowance {
 public:
  virtual ~Allowance() = default;

  /// Takes between `min` and `max` SMS parts of this moment's rate, or none, by the rule of
  /// domain::RateWindow.
  virtual domain::Result<domain::PartsGrant> take_parts(int min, int max,
                                                        domain::TimePoint now) = 0;
  /// Gives back parts taken but not submitted. An Error: they count as used until their second is
  /// over.
  virtual domain::Result<domain::Done> return_parts(int parts) = 0;
  /// `month` is yyyymm, UTC.
  virtual domain::Result<BudgetStatus> budget(int month) = 0;
};

}  // namespace postrider::ports
