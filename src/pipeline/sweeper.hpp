// The sweeper: does what is due by time alone. Deferred notifications wake, those without a receipt
// fall back, claims whose worker died become unknown, early receipts find their send, old records
// are deleted. A second call does no harm. For one thread.
#pragma once

#include <functional>

#include "domain/policy.hpp"
#include "pipeline/budget_watch.hpp"
#include "pipeline/delivery_tracker.hpp"
#include "ports/notification_query.hpp"

namespace postrider::pipeline {

/// The numbers of notifications that one sweep moved, by kind.
struct Swept {
  int woken = 0, superseded = 0, rescued = 0, overdue = 0, too_late = 0, caught_up = 0, expired = 0;
  bool more = false;  // a limit was reached: sweep again at once

  void add(const Swept& further);
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

  /// True for a claim that a worker of this process still holds, however old it is.
  using Carried = std::function<bool(const domain::NotificationId& id)>;
  /// `settler` and `tracker` outlive the sweeper.
  Sweeper(
      Ports ports, Settler& settler, DeliveryTracker& tracker, domain::Policy policy,
      Carried carried = [](const domain::NotificationId&) { return false; });

  /// Sweeps once, at most `sweep_limit` of each kind. A kind that fails is logged and stops no
  /// other; the first Error is returned when all had their turn.
  domain::Result<Swept> sweep();

  /// Ends every claim, whatever its lease, and returns the number of claims. Only for the start of
  /// the one service that may use this store: no worker of a claim lives then. An Error: some may
  /// be ended.
  domain::Result<int> rescue_at_start();

 private:
  domain::Result<std::vector<domain::Notification>> due(domain::State state,
                                                        domain::TimePoint until);
  domain::Input input_of_lost(const domain::Notification& n, domain::TimePoint now) const;
  /// The steps of a sweep: each adds to its number what it moved.
  domain::Result<domain::Done> wake(domain::TimePoint now, Swept& swept);
  domain::Result<domain::Done> end_claims(domain::State state, domain::TimePoint until,
                                          Swept& swept);
  domain::Result<domain::Done> rule_out_late(domain::TimePoint now, Swept& swept);
  domain::Result<domain::Done> catch_up(Swept& swept);
  domain::Result<domain::Done> fall_back_silent(domain::State state, domain::TimePoint now,
                                                Swept& swept);
  domain::Result<domain::Done> expire(domain::TimePoint now, Swept& swept);
  domain::Result<domain::Done> expire_receipts(domain::TimePoint now);
  domain::Result<Settled> settle(std::span<const Pending> batch, Swept& swept);

  Ports ports_;
  Settler& settler_;
  DeliveryTracker& tracker_;
  domain::Policy policy_;
  Carried carried_;
  BudgetWatch budget_;
};

}  // namespace postrider::pipeline
