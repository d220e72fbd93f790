// The sweeper: does what only time brings. Deferred notifications wake, silent ones fall back,
// claims whose worker died become unknown, early receipts find their send, money runs low, old
// records go. Calling it twice does no harm. For one thread.
#pragma once

#include "domain/policy.hpp"
#include "pipeline/budget_watch.hpp"
#include "pipeline/delivery_tracker.hpp"
#include "ports/notification_query.hpp"

namespace postrider::pipeline {

struct Swept {
  int woken = 0, superseded = 0, rescued = 0, overdue = 0, too_late = 0, caught_up = 0, expired = 0;
  bool more = false;  // a limit was reached: sweep again at once
};

class Sweeper {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::NotificationQuery& query;
    ports::ReceiptInbox& inbox;
    ports::Allowance& allowance;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  /// `settler` and `tracker` outlive it.
  Sweeper(Ports ports, Settler& settler, DeliveryTracker& tracker, domain::Policy policy);

  domain::Result<Swept> sweep();

  /// When the one service that may use this store starts, no worker of a claim lives any more:
  /// every claim ends now, whatever its lease. Returns how many.
  domain::Result<int> rescue_at_start();

 private:
  domain::Result<std::vector<domain::Notification>> due(domain::State state,
                                                        domain::TimePoint until);
  domain::Result<int> wake(domain::TimePoint now, Swept& swept);
  domain::Result<int> end_claims(domain::TimePoint until);
  domain::Result<int> rule_out_late(domain::TimePoint now);
  domain::Result<int> fall_back_silent(domain::TimePoint now);
  domain::Result<domain::Done> expire(domain::TimePoint now, Swept& swept);

  Ports ports_;
  Settler& settler_;
  DeliveryTracker& tracker_;
  domain::Policy policy_;
  BudgetWatch budget_;
};

}  // namespace postrider::pipeline
