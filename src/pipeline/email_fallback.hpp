// The e-mail fallback: sends by e-mail what SMS could not deliver, at least once. A failure of the
// server does not count as an attempt: all mails wait until a probe gets through. Thread-safe. A
// mail whose answer takes minutes waits on a thread of its own and holds up no other.
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <unordered_set>
#include <vector>

#include "concurrency/mutex.hpp"
#include "message/email/email.hpp"
#include "pipeline/line/lane.hpp"
#include "pipeline/log_rate_limiter.hpp"
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
  /// Stops the mailers and waits for what is under way.
  ~EmailFallback();

  /// On one machine: claims due mails and sends them. An Error: the store failed; the next call
  /// goes on.
  domain::Result<Round> send_due();
  /// On AWS: sends the claimable mails among a queue's items, without waiting for the breaker:
  /// items that have to wait go back to the queue, or are left to the sweeper where that comes
  /// first. An Error: some mails may be sent; the same items again are safe.
  domain::Result<Round> send(std::span<const ports::WorkQueue::Item> items);

  /// True for a mail that this process still carries, however old its claim is: its outcome will
  /// come, and it must not be sent again meanwhile.
  bool carries(const domain::NotificationId& id) const EXCLUDES(under_way_mutex_);

  /// Lets the mailers begin no further mail and end their waits soon.
  void stop();
  /// Returns when nothing is under way any more, with all outcomes written.
  void wait_until_ended() EXCLUDES(flights_mutex_);

  /// A code for why no mail goes out now; empty while mails may go.
  std::string breaker_code() const { return lanes_.live.breaker_code(); }

 private:
  struct Flight;

  domain::Result<std::vector<domain::Notification>> claim(
      std::span<const domain::NotificationId> ids, Round& round);
  domain::Result<Round> carry(Round round,
                              domain::Result<std::vector<domain::Notification>> claimed);
  std::shared_ptr<Flight> flight_of(Lane& lane, std::vector<domain::Notification>& claimed) const;
  std::optional<domain::Error> fly(const std::shared_ptr<Flight>& flight);
  bool launch(const std::shared_ptr<Flight>& flight);
  void run(Flight& flight);
  std::optional<domain::Error> land(Flight& flight, std::size_t first,
                                    std::span<const ports::MailOutcome> outcomes);
  void end_flights() REQUIRES(flights_mutex_);
  domain::TimePoint begin_before(std::span<const domain::Notification> owners,
                                 domain::TimePoint at) const;
  void block(const std::vector<ports::BlockedAddress>& dead);
  domain::Input input_of(const domain::Notification& n, const ports::MailOutcome& outcome,
                         Lane& lane, domain::TimePoint at);
  domain::ProviderUnavailable close(Lane& lane, const ports::MailFailed& failed,
                                    domain::TimePoint now);

  Ports ports_;
  Settler& settler_;
  message::EmailSettings settings_;
  domain::Policy policy_;
  int batch_;
  concurrency::Mutex pull_mutex_;
  Lanes lanes_;
  std::atomic<int> width_;  // mails that the server takes in one slice
  LogRateLimiter account_log_;
  mutable concurrency::Mutex under_way_mutex_;
  std::unordered_set<domain::NotificationId> under_way_ GUARDED_BY(under_way_mutex_);
  concurrency::Mutex flights_mutex_;
  concurrency::ConditionVariable changed_;  // a flight ended, or waits
  std::list<std::pair<std::shared_ptr<Flight>, std::thread>> flights_ GUARDED_BY(flights_mutex_);
};

}  // namespace postrider::pipeline
