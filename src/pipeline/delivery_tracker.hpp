// The delivery tracker: matches receipts to attempts and settles the notifications. Duplicate,
// late, reordered and foreign receipts do no harm; an early receipt waits in the inbox and is
// applied once. Thread-safe.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/log_rate_limiter.hpp"
#include "pipeline/settler.hpp"
#include "ports/customer_directory.hpp"
#include "ports/notification_query.hpp"
#include "ports/receipt_inbox.hpp"

namespace postrider::pipeline {

/// The numbers of receipts by outcome.
struct Tracked {
  int applied = 0;  // changed a notification
  int noted = 0;    // known attempt, nothing to change (duplicate, not final, late)
  int kept = 0;     // no such message id yet, or not written: in the inbox
};

class DeliveryTracker {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::NotificationQuery& query;
    ports::ReceiptInbox& inbox;
    ports::CustomerDirectory& customers;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  /// `settler` outlives the tracker. `on_account_problem` is called with a code when a receipt
  /// blames our account.
  DeliveryTracker(Ports ports, Settler& settler,
                  std::function<void(std::string)> on_account_problem = {});

  /// Applies, notes or keeps each receipt; durable when it returns. Of several for one message a
  /// delivery wins, in whichever order they stand. An Error: some may be done; the same receipts
  /// again are safe.
  domain::Result<Tracked> apply(std::span<const domain::Receipt> receipts);

  /// Applies the receipts that the inbox kept for messages whose send has just been recorded.
  domain::Result<domain::Done> catch_up(std::span<const ports::NotificationStore::MessageKey> keys);

  /// Applies at most `limit` receipts that the inbox holds for attempts known by now; returns the
  /// number it looked at. The sweeper calls it.
  domain::Result<int> catch_up_all(int limit);

 private:
  struct Effects {  // of receipts beyond their own notification
    std::vector<ports::OptOut> opted_out;
    std::vector<ports::BlockedAddress> blocked;
  };

  domain::Result<Tracked> apply_matched(std::span<const domain::Receipt> receipts,
                                        std::vector<domain::Receipt>& unmatched);
  domain::Result<domain::Done> match_references(
      std::span<const domain::Receipt> receipts,
      std::vector<std::optional<ports::MatchedAttempt>>& matches);
  domain::Result<std::optional<ports::MatchedAttempt>> referenced(const domain::Receipt& receipt);
  Pending weigh(ports::MatchedAttempt match, domain::Receipt receipt, Effects& effects);
  Pending weigh_sms(ports::MatchedAttempt match, domain::Receipt receipt, Effects& effects);
  void report_unknown_words(std::span<const domain::Receipt> receipts);
  void report_price(const domain::Notification& n, const domain::Receipt& receipt);
  domain::Result<domain::Done> store_effects(const Effects& effects);
  domain::Result<domain::Done> apply_kept(std::vector<domain::Receipt> kept);

  Ports ports_;
  Settler& settler_;
  std::function<void(std::string)> on_account_problem_;
  LogRateLimiter unknown_word_log_, price_log_;
};

}  // namespace postrider::pipeline
