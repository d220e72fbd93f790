// The allowance that all workers share: SMS parts a second, and money a month. Thread-safe. This
// port only reads the money: NotificationStore::claim_sms reserves it and record() settles it.
#pragma once

#include "domain/limits/rate_window.hpp"
#include "domain/money.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace postrider::ports {

/// The money of a month.
struct BudgetStatus {
  domain::Money spent;
  domain::Money reserved;
};

class Allowance {
 public:
  virtual ~Allowance() = default;

  /// Takes SMS parts of the rate at `now` for as many of the messages as may go, by the rule of
  /// domain::RateWindow. An Error: none was taken.
  virtual domain::Result<domain::PartsGrant> take_parts(const domain::PartsRequest& request,
                                                        domain::TimePoint now) = 0;
  /// Gives back `parts` of a grant that were not submitted; no other grant is touched. An Error:
  /// they count as used until their second is over.
  virtual domain::Result<domain::Done> return_parts(int parts, const domain::PartsGrant& grant) = 0;
  /// The money spent and reserved in `month` (yyyymm, UTC).
  virtual domain::Result<BudgetStatus> budget(int month) = 0;
};

}  // namespace postrider::ports
