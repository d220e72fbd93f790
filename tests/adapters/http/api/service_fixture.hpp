// The real HTTP service over the real pipeline and the memory adapters, as a fixture. Runs on
// threads of its own; ends with the test.
#pragma once

#include "adapters/http/api/api.hpp"
#include "adapters/http/client.hpp"
#include "doubles/fake_work_queue.hpp"
#include "doubles/manual_clock.hpp"
#include "doubles/memory_allowance.hpp"
#include "doubles/memory_audit_log.hpp"
#include "doubles/memory_cost_book.hpp"
#include "doubles/memory_customer_directory.hpp"
#include "doubles/memory_notification_query.hpp"
#include "doubles/memory_notification_store.hpp"
#include "doubles/memory_receipt_inbox.hpp"
#include "doubles/recording_telemetry.hpp"
#include "pipeline/line/local_line_hold.hpp"
#include "pipeline/no_channels.hpp"

namespace postrider::adapters::http {

/// A store whose inserts wait until the test releases them.
class GatedStore final : public ports::NotificationStore {
 public:
  explicit GatedStore(ports::NotificationStore& inner) : inner_{inner} {}

  void shut() {
    const std::lock_guard lock{mutex_};
    open_ = false;
  }
  void open() {
    const std::lock_guard lock{mutex_};
    open_ = true;
    changed_.notify_all();
  }
  void wait_for_visitor() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }
  int inserts() const {
    const std::lock_guard lock{mutex_};
    return inserts_;
  }

  domain::Result<std::vector<ports::InsertOutcome>> insert(
      std::span<const domain::Notification> batch, const domain::Throttle& throttle) override {
    {
      std::unique_lock lock{mutex_};
      ++inserts_;
      ++waiting_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
      --waiting_;
    }
    return inner_.insert(batch, throttle);
  }
  domain::Result<std::vector<ports::ClaimOutcome>> claim_sms(
      std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) override {
    return inner_.claim_sms(ids, terms);
  }
  domain::Result<std::vector<ports::ClaimOutcome>> claim_email(
      std::span<const domain::NotificationId> ids, const domain::ClaimTerms& terms) override {
    return inner_.claim_email(ids, terms);
  }
  domain::Result<std::vector<ports::RecordOutcome>> record(
      std::span<const domain::Change> changes) override {
    return inner_.record(changes);
  }
  domain::Result<std::vector<std::optional<domain::Notification>>> load(
      std::span<const domain::NotificationId> ids) override {
    return inner_.load(ids);
  }
  domain::Result<std::vector<std::optional<ports::MatchedAttempt>>> match(
      std::span<const MessageKey> keys) override {
    return inner_.match(keys);
  }
  domain::Result<int> expire(domain::TimePoint horizon, int limit) override {
    return inner_.expire(horizon, limit);
  }

 private:
  ports::NotificationStore& inner_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  int waiting_ = 0;
  int inserts_ = 0;
};

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() { policy_.throttle_per_hour = 0; }
  ~ServiceTest() override { store_.open(); }

  /// Starts the service with the test's changes of limits_, setup_ and policy_.
  void start() {
    pipeline_ = std::make_unique<pipeline::Pipeline>(
        storage_, pipeline::Channels{carrier_, carrier_, mailer_, mailer_},
        pipeline::Surroundings{queue_, clock_, telemetry_, line_hold_}, composer_,
        pipeline::SmsRules{.default_region = "DE"}, pipeline::DeliverySettings{.policy = policy_});
    Services services = bare_services();
    services.default_region = "DE";
    services.metrics = [] { return std::string{"postrider_up 1\n"}; };
    services.openapi = "openapi: 3.1.0\n";
    if (setup_) setup_(services);
    service_ = std::make_unique<HttpService>(ListenAddress{"127.0.0.1", 0}, limits_, services);
  }

  /// The backend of the API, with nothing set. After start().
  Services bare_services() { return {*pipeline_, storage_, costs_, composer_, clock_, telemetry_}; }

  Client client() { return Client{service_->port()}; }

  static std::string event(const std::string& order, const std::string& status = "confirmed",
                           const std::string& more = "") {
    return R"({"order_id":")" + order + R"(","customer_id":"c1","status":")" + status +
           R"(","contact":{"phone":"+4915112345678","email":"carla@mail.example"})" + more + "}";
  }

  /// The value of a string member of a flat JSON text.
  static std::string member(const std::string& json, const std::string& name) {
    const auto mark = "\"" + name + "\":\"";
    const auto at = json.find(mark);
    if (at == std::string::npos) return "";
    const auto from = at + mark.size();
    return json.substr(from, json.find('"', from) - from);
  }

  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return lines;
  }

  std::size_t stored() {
    const concurrency::Lock lock{world_.mutex};
    return world_.rows.size();
  }

  domain::Policy policy_;
  Limits limits_;
  std::function<void(Services&)> setup_;
  doubles::MemoryWorld world_;
  doubles::ManualClock clock_;
  doubles::RecordingTelemetry telemetry_;
  doubles::FakeWorkQueue queue_;
  pipeline::LocalLineHold line_hold_;
  doubles::MemoryNotificationStore memory_store_{world_};
  GatedStore store_{memory_store_};
  doubles::MemoryNotificationQuery query_{world_};
  doubles::MemoryCustomerDirectory customers_{world_};
  doubles::MemoryReceiptInbox inbox_{world_};
  doubles::MemoryAuditLog audit_{world_};
  doubles::MemoryAllowance allowance_{world_, 0};
  doubles::MemoryCostBook costs_{world_};
  message::Templates templates_ = message::Templates::built_in();
  message::PriceTable prices_{domain::Money{7500}};
  message::Composer composer_{templates_, prices_, {.shop_name = "Test Shop"}};
  pipeline::Storage storage_{store_, query_, inbox_, customers_, allowance_, audit_};
  pipeline::NoCarrier carrier_;
  pipeline::NoMailer mailer_;
  std::unique_ptr<pipeline::Pipeline> pipeline_;
  std::unique_ptr<HttpService> service_;
};

}  // namespace postrider::adapters::http
