// The e-mail fallback: sends by e-mail what SMS could not deliver, at least once. A failure of the
// server does not count as an attempt: all mails wait until a probe gets through. Thread-safe.
#pragma once

#include <atomic>
#include <span>

#include "concurrency/mutex.hpp"
#include "message/email/email.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/round.hpp"
#include "pipeline/settler.hpp"
#include "ports/customer_directory.hpp"
#include "ports/mailer.hpp"
#include "ports/notification_query.hpp"

namespace postrider::pipeline {

class EmailFallback {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::NotificationQuery& query;
    ports::CustomerDirectory& customers;
    ports::Mailer& live_mailer;
    ports::Mailer& test_mailer;
    ports::WorkQueue& queue;
    ports::Clock& clock;
    ports::Telemetry& telemetry;
  };

  /// `settler` outlives the fallback. `batch`: the number of mails claimed at once, at most.
  EmailFallback(Ports ports, Settler& settler, message::EmailSettings settings,
                domain::Policy policy, int batch);

  /// On one machine: claims due mails and sends them. An Error: the store failed; the next call
  /// goes on.
  domain::Result<Round> send_due();
  /// On AWS: sends the claimable mails among a queue's items, without waiting for the breaker:
  /// items that have to wait go back to the queue, or are left to the sweeper where that comes
  /// first. An Error: some mails may be sent; the same items again are safe.
  domain::Result<Round> send(std::span<const ports::WorkQueue::Item> items);

  /// A code for why no mail goes out now; empty while mails may go.
  std::string breaker_code() const { return lanes_.live.breaker_code(); }

 private:
  domain::Result<std::vector<domain::Notification>> claim(
      std::span<const domain::NotificationId> ids, Round& round);
  domain::Result<Round> carry(Round round,
                              domain::Result<std::vector<domain::Notification>> claimed);
  /// The outcome of the mails of one lane.
  struct Delivered {
    std::vector<Pending> pending;
    std::vector<ports::BlockedAddress> dead;
    std::int64_t sent = 0;
  };
  void deliver_by(Lane<ports::Mailer>& lane, std::vector<domain::Notification>& claimed,
                  Delivered& delivered);
  domain::TimePoint begin_before(const std::vector<domain::Notification*>& owners,
                                 domain::TimePoint at) const;
  void block(const std::vector<ports::BlockedAddress>& dead);
  domain::Input input_of(const domain::Notification& n, const ports::MailOutcome& outcome,
                         Lane<ports::Mailer>& lane, domain::TimePoint at);

  Ports ports_;
  Settler& settler_;
  message::EmailSettings settings_;
  domain::Policy policy_;
  int batch_;
  concurrency::Mutex pull_mutex_;
  Lanes<ports::Mailer> lanes_;
  std::atomic<int> width_;  // mails that the server takes in one slice
};

}  // namespace postrider::pipeline
