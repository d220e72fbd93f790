// Two days in which both providers are down, by a clock of the test's, over each store: nothing is
// lost, no try is used, and afterwards the backlog leaves in order and at the rate.
#include <gtest/gtest.h>

#include "contract/home.hpp"
#include "contract/samples.hpp"
#include "doubles/fake_work_queue.hpp"
#include "doubles/manual_clock.hpp"
#include "doubles/recording_telemetry.hpp"
#include "pipeline/delivery_pipeline.hpp"
#include "pipeline/line/local_line_hold.hpp"

namespace postrider::contract {
namespace {

using namespace std::chrono_literals;
using domain::Fault;
using domain::State;

/// A provider that is down until it is told that it is up. Keeps what it took, and when.
struct Outage {
  bool down = true;
  int asked = 0;  // while it was down
  std::vector<std::pair<domain::NotificationId, domain::TimePoint>> took;
};

class Carrier final : public ports::SmsCarrier {
 public:
  Carrier(Outage& outage, const ports::Clock& clock) : outage_{outage}, clock_{clock} {}
  std::string name() const override { return "fake"; }
  int width() const override { return 8; }
  std::string reach() override { return outage_.down ? "connect_failed" : ""; }
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch,
                                        domain::TimePoint) override {
    std::vector<ports::SmsOutcome> outcomes;
    for (const auto& sms : batch) {
      if (outage_.down) {
        ++outage_.asked;
        outcomes.emplace_back(ports::SmsFailed{Fault::server, "connect_failed"});
        continue;
      }
      outage_.took.emplace_back(sms.reference, clock_.now());
      outcomes.emplace_back(ports::SmsAccepted{"m" + std::to_string(outage_.took.size())});
    }
    return outcomes;
  }

 private:
  Outage& outage_;
  const ports::Clock& clock_;
};

class Mailer final : public ports::Mailer {
 public:
  Mailer(Outage& outage, const ports::Clock& clock) : outage_{outage}, clock_{clock} {}
  std::string name() const override { return "smtp"; }
  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint) override {
    std::vector<ports::MailOutcome> outcomes;
    for (const auto& mail : batch) {
      if (outage_.down) {
        ++outage_.asked;
        outcomes.emplace_back(ports::MailFailed{Fault::server, "connect_failed"});
        continue;
      }
      outage_.took.emplace_back(mail.reference, clock_.now());
      outcomes.emplace_back(ports::MailAccepted{"e" + std::to_string(outage_.took.size())});
    }
    return outcomes;
  }

 private:
  Outage& outage_;
  const ports::Clock& clock_;
};

class TwoDays : public testing::TestWithParam<HomeKind> {
 protected:
  static constexpr int orders = 24;
  static constexpr int parts_per_second = 2;
  static constexpr auto outage = 48h;

  /// The n-th order's message: one half an hour, each third order has a second one an hour later.
  Notification message(int number, domain::TimePoint at, int order, const char* status) {
    auto n = sample(number);
    n.order_id = "o" + std::to_string(order);
    n.customer_id = "c" + std::to_string(order);
    n.status = status;
    n.created_at = n.due_at.emplace(at);
    n.not_after = at + policy_.sms_not_after;
    n.intake = domain::to_unix_ms(at) * 1000;
    n.content.quiet.clear();
    ids_.push_back(n.id);
    return n;
  }

  void take_in() {
    int number = 0;
    for (int order = 0; order < orders; ++order) {
      const auto at = start + order * 2h;
      events_.emplace(at, message(number++, at, order, "confirmed"));
      if (order % 3 == 0) events_.emplace(at + 1h, message(number++, at + 1h, order, "shipped"));
    }
  }

  void step(Milliseconds time) {
    while (!events_.empty() && events_.begin()->first <= clock_.now()) {
      insert(home_->store(), {events_.begin()->second});
      events_.erase(events_.begin());
    }
    ASSERT_TRUE(process_->due_sms.send_due());
    ASSERT_TRUE(process_->fallback.send_due());
    ASSERT_TRUE(process_->sweeper.sweep());
    clock_.advance(time);
  }

  Notification stored(const domain::NotificationId& id) {
    const auto found = home_->query().details(id);
    EXPECT_TRUE(found && *found);
    return (*found)->notification;
  }
  std::size_t logged(std::string_view event) { return telemetry_.lines_of(event).size(); }

  void SetUp() override {
    home_ = GetParam().make();
    allowance_ = home_->allowance(parts_per_second);
    clock_.set(start);
    process_ = std::make_unique<pipeline::DeliveryPipeline>(
        pipeline::Storage{home_->store(), home_->query(), home_->inbox(), home_->customers(),
                          *allowance_, home_->audit()},
        pipeline::Channels{carrier_, carrier_, mailer_, mailer_},
        pipeline::Surroundings{queue_, clock_, telemetry_, line_hold_},
        pipeline::DeliverySettings{.policy = policy_,
                                   .email = {"Shop <orders@example.com>", "", "Shop"}});
    take_in();
  }

  domain::Policy policy_;
  doubles::ManualClock clock_;
  doubles::RecordingTelemetry telemetry_;
  doubles::FakeWorkQueue queue_;
  pipeline::LocalLineHold line_hold_;
  Outage sms_, mail_;
  Carrier carrier_{sms_, clock_};
  Mailer mailer_{mail_, clock_};
  std::unique_ptr<Home> home_;
  std::unique_ptr<ports::Allowance> allowance_;
  std::unique_ptr<pipeline::DeliveryPipeline> process_;
  std::multimap<domain::TimePoint, Notification> events_;
  std::vector<domain::NotificationId> ids_;
};
POSTRIDER_IN_EVERY_HOME(TwoDays);

TEST_P(TwoDays, OfBothChannelsDownLoseNothing) {
  while (clock_.now() < start + outage) step(20min);
  for (const auto& id : ids_) {
    const auto n = stored(id);
    EXPECT_TRUE(n.state == State::accepted || n.state == State::email_due)
        << domain::name(n.state) << " " << n.reason;
    EXPECT_EQ(n.sms_tries + n.email_tries, 0);
    EXPECT_EQ(n.reserved, domain::Money{});
  }
  EXPECT_EQ(sms_.asked, 1) << "then it was connected to, which costs no message";
  EXPECT_EQ(logged("provider_paused"), 2U) << "once a channel";
  EXPECT_EQ(logged("provider_resumed"), 0U);
  sms_.down = mail_.down = false;
  for (int i = 0; i < 45; ++i) step(1s);
  for (int i = 0; i < 25; ++i) step(30s);
  std::map<std::string, domain::Rank> told;
  for (std::size_t i = parts_per_second; i < sms_.took.size(); ++i)
    EXPECT_GE(sms_.took[i].second - sms_.took[i - parts_per_second].second, 1s);
  std::vector<std::pair<domain::NotificationId, domain::TimePoint>> all = sms_.took;
  all.insert(all.end(), mail_.took.begin(), mail_.took.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.second < b.second; });
  for (const auto& [id, at] : all) {
    const auto n = stored(id);
    const auto rank = domain::rank_of(n);
    const auto [before, first] = told.emplace(n.order_id, rank);
    EXPECT_TRUE(first || before->second < rank) << n.order_id << " went backwards";
    before->second = rank;
  }
  EXPECT_EQ(told.size(), static_cast<std::size_t>(orders)) << "each order was told";
  for (const auto& id : ids_) {
    const auto n = stored(id);
    EXPECT_TRUE(n.state == State::sms_sent || n.state == State::emailed ||
                n.state == State::superseded || n.state == State::email_due)
        << domain::name(n.state);
    EXPECT_NE(n.state, State::dead);
  }
  EXPECT_EQ(logged("provider_paused"), 2U);
  EXPECT_EQ(logged("provider_resumed"), 2U) << "once a channel";
}

}  // namespace
}  // namespace postrider::contract
