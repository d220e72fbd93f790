// The submission of SMS: claim, submit, record. A claim is durable before the first byte goes out;
// an end that is no definite refusal becomes `unknown` and is never sent again by SMS. Thread-safe.
// Its drivers choose what to claim: due_sms_sender.hpp, queued_sms_sender.hpp.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "concurrency/mutex.hpp"
#include "pipeline/claim_alarms.hpp"
#include "pipeline/line/sms_line.hpp"
#include "pipeline/settler.hpp"
#include "ports/customer_directory.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::pipeline {

class DeliveryTracker;

struct SenderSettings {
  std::string sender_id = {};
  int batch = 100;  // SMS that one pull claims at most
  domain::VelocityLimits velocity = {};
  /// The price of a part that is assumed where no list has one; none: each price is known. A
  /// carrier refuses for good what is dearer than its cap, so an assumption is none.
  std::optional<domain::Money> assumed_price = std::nullopt;
  domain::Money max_price = {};  // the cap of an SMS without a known price; 0: no limit
  int unknown_run = 5;           // ends without an answer in a row that close the line
};

class SmsSubmitter {
 public:
  struct Ports {
    ports::NotificationStore& store;
    ports::CustomerDirectory& customers;
    ports::SmsCarrier& live_carrier;
    ports::SmsCarrier& test_carrier;  // for notifications of test mode
    ports::Clock& clock;
    ports::Telemetry& telemetry;
    ports::LineHold& line_hold;
  };

  /// `settler` and `tracker` outlive the submitter.
  SmsSubmitter(Ports ports, Settler& settler, DeliveryTracker& tracker, SenderSettings settings,
               domain::Policy policy);
  ~SmsSubmitter() { wait_until_ended(); }
  SmsSubmitter(const SmsSubmitter&) = delete;
  SmsSubmitter& operator=(const SmsSubmitter&) = delete;

  // As the calls of SmsLine.
  domain::Result<ProviderBreaker::Width> width(int batch) { return line_.width(batch); }
  void none_claimed() { line_.none_claimed(); }

  /// The number of live SMS that the carrier can have under way at once.
  int carrier_width() const { return ports_.live_carrier.width(); }

  /// Claims the due SMS of `ids`; those that the rules stop are settled. The caller has to submit
  /// the claimed ones. `failed` gets those that could not be written. An Error: none was claimed.
  domain::Result<std::vector<domain::Notification>> claim(
      std::span<const domain::NotificationId> ids, std::vector<domain::NotificationId>& failed);

  /// Begins to submit claimed SMS. flush() records their outcomes as they come; see when_ended().
  /// None is begun near the end of its lease or after it.
  void start(std::vector<domain::Notification> claimed);
  /// Sets a function that is called whenever an outcome of start() waits for flush(), by the
  /// carrier's thread; it must not wait. Not for those that end during start(): its caller flushes.
  /// To be set before the first start().
  void when_ended(std::function<void()> tell) { tell_ended_ = std::move(tell); }
  /// Returns when all that were started have ended; flush() records what is left then.
  void wait_until_ended();
  /// The number of live SMS that are claimed and whose outcomes are not recorded.
  int under_way() const { return under_way_; }

  /// Submits claimed SMS and records the outcomes. None is begun near the end of its lease or after
  /// it, also where this process stood still meanwhile. An Error: the store could not take the
  /// outcomes; they are kept, and flush() writes them.
  domain::Result<domain::Done> submit(std::vector<domain::Notification> claimed);

  /// Writes the outcomes that the store could not take before. Nothing new may be claimed until
  /// that is done: a lost outcome turns an accepted SMS into an unknown one. One that the store
  /// does not take while it takes others is tried with each flush until its lease ends.
  domain::Result<domain::Done> flush();

  /// The line of live messages, for receipts that blame the account.
  SmsLine& line() { return line_; }
  /// A code for why the live line is closed now; empty while messages may go.
  std::string breaker_code() const { return line_.code(); }

  const SenderSettings& settings() const { return settings_; }

 private:
  struct Unwritten {
    std::vector<Pending> outcomes;
    std::vector<ports::OptOut> opt_outs;  // from the carrier's refusals
    void add(Unwritten more);
  };

  /// SMS that were handed to a carrier together.
  struct Flight {
    ports::SmsCarrier& carrier;
    bool live;             // it reaches people
    domain::TimePoint at;  // of the handing over
    std::vector<domain::Notification> owners = {};
    std::vector<ports::Sms> batch = {};
  };
  struct Started;
  Flight flight_of(domain::Mode mode, std::vector<domain::Notification>& claimed);
  void land(Started& started, std::size_t index, const ports::SmsOutcome& outcome);
  void keep(Flight& flight, std::size_t index, const ports::SmsOutcome& outcome,
            Unwritten& unwritten);

  Unwritten submit_by(domain::Mode mode, std::vector<domain::Notification>& claimed,
                      domain::TimePoint until);
  void keep_held_countries(std::vector<domain::Notification>& claimed);
  domain::TimePoint begin_before(std::span<const domain::Notification> claimed) const;
  domain::Input input_of(const domain::Notification& n, const ports::SmsOutcome& outcome,
                         const Flight& flight);
  domain::Input failed(const domain::Notification& n, domain::Submission submission,
                       const ports::SmsFailed& end, bool live);
  domain::Input accepted(const domain::Notification& n, domain::Submission submission, bool live);
  domain::Result<Settled> write(const Unwritten& unwritten);
  void catch_up(const std::vector<Pending>& outcomes);

  Ports ports_;
  Settler& settler_;
  DeliveryTracker& tracker_;
  SenderSettings settings_;
  domain::Policy policy_;
  SmsLine line_;
  ClaimAlarms alarms_;
  concurrency::Mutex unwritten_mutex_;
  Unwritten unwritten_ GUARDED_BY(unwritten_mutex_);
  std::size_t started_ GUARDED_BY(unwritten_mutex_) = 0;  // and not ended
  concurrency::ConditionVariable all_ended_;
  std::function<void()> tell_ended_;
  std::atomic<int> under_way_{0};
};

}  // namespace postrider::pipeline
