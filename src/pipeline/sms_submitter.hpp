// The submission of SMS: claim, submit, record. A claim is durable before the first byte goes out;
// an end that is no definite refusal becomes `unknown` and is never sent again by SMS. Thread-safe.
// Its drivers choose what to claim: due_sms_sender.hpp, queued_sms_sender.hpp.
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "concurrency/mutex.hpp"
#include "pipeline/claim_alarms.hpp"
#include "pipeline/lane.hpp"
#include "pipeline/settler.hpp"
#include "ports/customer_directory.hpp"
#include "ports/shared_breaker.hpp"
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
    ports::SharedBreaker* shared_breaker = nullptr;  // where several processes send
  };

  /// `settler` and `tracker` outlive the submitter.
  SmsSubmitter(Ports ports, Settler& settler, DeliveryTracker& tracker, SenderSettings settings,
               domain::Policy policy);

  /// The number of `batch` SMS that may be claimed now, by this process's breaker and by the shared
  /// one. An Error: the shared breaker could not be read.
  domain::Result<ProviderBreaker::Width> width(int batch);

  /// Claims the due SMS of `ids`; those that the rules stop are settled. The caller has to submit
  /// the claimed ones. An Error: none was claimed.
  domain::Result<std::vector<domain::Notification>> claim(
      std::span<const domain::NotificationId> ids);

  /// Submits claimed SMS and records the outcomes. An Error: the store could not take the outcomes;
  /// they are kept, and flush() writes them.
  domain::Result<domain::Done> submit(std::vector<domain::Notification> claimed);

  /// Writes the outcomes that the store could not take before. Nothing new may be claimed until
  /// that is done: a lost outcome turns an accepted SMS into an unknown one.
  domain::Result<domain::Done> flush();

  /// A receipt blames the account: the live lane is held, only probes go out.
  void hold(std::string code);

  /// A code for why the live lane is blocked now; empty while messages may go.
  std::string breaker_code() const { return lanes_.live.breaker_code(); }

  const SenderSettings& settings() const { return settings_; }

 private:
  struct Unwritten {
    std::vector<Pending> outcomes;
    std::vector<ports::OptOut> opt_outs;  // from the carrier's refusals
    void add(Unwritten more);
  };

  Unwritten submit_by(Lane<ports::SmsCarrier>& lane, std::vector<domain::Notification>& claimed);
  domain::Input input_of(const domain::Notification& n, const ports::SmsOutcome& outcome,
                         Lane<ports::SmsCarrier>& lane, domain::TimePoint at);
  domain::Input accepted(const domain::Notification& n, domain::Submission submission,
                         Lane<ports::SmsCarrier>& lane);
  domain::Result<domain::Done> write(const Unwritten& unwritten);
  void catch_up(const std::vector<Pending>& outcomes);
  void hold_shared_breaker(const std::string& code);
  void release_shared_breaker();

  Ports ports_;
  Settler& settler_;
  DeliveryTracker& tracker_;
  SenderSettings settings_;
  domain::Policy policy_;
  Lanes<ports::SmsCarrier> lanes_;
  ClaimAlarms alarms_;
  std::atomic<bool> probing_{false};  // this process has the shared breaker's probe
  concurrency::Mutex unwritten_mutex_;
  Unwritten unwritten_ GUARDED_BY(unwritten_mutex_);
};

}  // namespace postrider::pipeline
