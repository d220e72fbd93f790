// Receipts: matches them to attempts and settles the notification. Duplicate, late, reordered and
// foreign receipts do no harm; an early one waits in the inbox and is applied once. Thread-safe.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "domain/policy.hpp"
#include "ports/clock.hpp"
#include "ports/customer_directory.hpp"
#include "ports/notification_store.hpp"
#include "ports/receipt_inbox.hpp"
#include "ports/telemetry.hpp"
#include "ports/work_queue.hpp"

namespace postrider::pipeline {

struct Tracked {
  int applied = 0;  // changed a notification
  int noted = 0;    // known attempt, nothing to change (duplicate, not final, late)
  int kept = 0;     // no such message id yet: in the inbox
};

class DeliveryTracker {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::ReceiptInbox& inbox;
    ports::CustomerDirectory& customers;
    ports::WorkQueue& queue;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  /// `on_account_problem` is called with a code when a receipt says that our account is the
  /// problem.
  DeliveryTracker(Ports ports, domain::Policy policy,
                  std::function<void(std::string)> on_account_problem = {});

  /// Durable when it returns: each receipt is applied, noted or kept.
  domain::Result<Tracked> apply(std::span<const domain::Receipt> receipts);

  /// Applies what the inbox kept for messages that have just been recorded.
  domain::Result<domain::Done> catch_up(std::span<const ports::NotificationStore::MessageKey> keys);

  /// Applies what the inbox holds for attempts known by now. The sweeper calls it.
  domain::Result<int> catch_up_all(int most);

 private:
  domain::Result<Tracked> apply_matched(std::span<const domain::Receipt> receipts,
                                        std::vector<domain::Receipt>& unmatched);

  Ports ports_;
  domain::Policy policy_;
  std::function<void(std::string)> on_account_problem_;
};

}  // namespace postrider::pipeline
