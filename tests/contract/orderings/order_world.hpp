// A day of many orders in one home: five statuses each, in every order of arrival, with late and
// early events, providers that take, refuse, keep silent or die with their worker, and receipts
// that come or do not. It keeps what the providers were given, as their own ledgers would. One
// thread.
#pragma once

#include <map>
#include <random>

#include "contract/home.hpp"
#include "contract/samples.hpp"
#include "doubles/fake_work_queue.hpp"
#include "doubles/manual_clock.hpp"
#include "doubles/recording_telemetry.hpp"
#include "pipeline/delivery_pipeline.hpp"
#include "pipeline/line/local_line_hold.hpp"

namespace postrider::contract {

/// The process ends while it sends a mail.
struct Killed {};

/// One message that a provider was given.
struct Given {
  int order = 0, status = 0;
  domain::Channel channel = domain::Channel::sms;
  bool refused = false;  // for certain
};

class OrderWorld {
 public:
  static constexpr int statuses = 5;
  static constexpr int permutations = 120;

  struct Plan {
    int orders = permutations;
    unsigned seed = 1;
    Milliseconds first_step{500};     // of the clock, while events come in
    Milliseconds later_step{20'000};  // afterwards
    /// A store that has been in use for an hour: on DynamoDB the fences of chains stand alone then.
    bool in_use_before = false;
  };

  OrderWorld(Home& home, const Plan& plan);
  ~OrderWorld();

  /// Runs until all have ended, or the day is over.
  void run();

  /// The faults of the day, a line each; empty where each order was told forwards, none twice by
  /// SMS, and none was lost.
  std::string faults();

  const std::vector<Given>& ledger() const { return ledger_; }
  int kills() const { return kills_; }

 private:
  struct Event {
    domain::TimePoint arrives;
    Notification notification;
  };
  struct Expected {
    int order = 0, status = 0;
    domain::Rank rank;
  };

  class Carrier;
  class Mailer;

  Notification notification_of(int order, int status, domain::TimePoint arrives);
  void plan_order(int order);
  void work();
  template <class Work>
  void or_be_killed(Work work);
  void start_process();
  bool dies_within(std::size_t messages);
  bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
  void give(const domain::NotificationId& id, domain::Channel channel, bool refused);
  void promise_receipt(const std::string& message_id);
  void receive();
  void hear();
  void use_before();
  bool all_ended();
  std::string faults_of_order(int order, const std::vector<Given>& given);

  Home& home_;
  const Plan plan_;
  std::mt19937 random_;
  doubles::ManualClock clock_;
  doubles::RecordingTelemetry telemetry_;
  doubles::FakeWorkQueue queue_;
  std::unique_ptr<ports::Allowance> allowance_;
  pipeline::LocalLineHold line_hold_;
  std::unique_ptr<Carrier> carrier_;
  std::unique_ptr<Mailer> mailer_;
  std::vector<std::unique_ptr<pipeline::DeliveryPipeline>> killed_;
  std::vector<std::function<void()>> unheard_;  // answers that a killed process never got
  std::unique_ptr<pipeline::DeliveryPipeline> process_;
  std::multimap<domain::TimePoint, Event> events_;
  std::multimap<domain::TimePoint, domain::Receipt> receipts_;
  struct Answer {
    std::function<void(const ports::SmsOutcome&)> tell;
    ports::SmsOutcome outcome;
  };
  std::multimap<domain::TimePoint, Answer> answers_;  // of the carrier, on their way
  std::map<domain::NotificationId, Expected> expected_;
  std::vector<Given> ledger_;
  int kills_ = 0;
  int messages_ = 0;
};

}  // namespace postrider::contract
