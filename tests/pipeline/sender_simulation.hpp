// A simulation of AWS's SMS senders in virtual time: queues that delay by whole seconds, forty busy
// senders on a backlog that never ends and ten on the urgent queue, over the real QueuedSmsSender.
// For one thread.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <vector>

#include "pipeline/line/local_line_hold.hpp"
#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {

/// The queues of normal and urgent SMS. As SqsWorkQueue it rounds a delay up to whole seconds; a
/// message comes to a sender that waits some milliseconds after it is visible.
class SimulatedSqs final : public ports::WorkQueue {
 public:
  explicit SimulatedSqs(ports::Clock& clock) : clock_{clock} {}

  void offer(std::span<const Item> items) override {
    const auto now = clock_.now();
    for (const auto& item : items) {
      const auto delay = std::chrono::ceil<std::chrono::seconds>(item.due_at - now);
      const auto visible = now + std::max<domain::Milliseconds>(delay, 0s) + latency();
      waiting_[index(item.priority)].push({visible, ++offered_, item});
    }
  }
  /// The time at which a sender that waits gets the next item.
  domain::TimePoint next(domain::Priority priority) const {
    const auto& waiting = waiting_[index(priority)];
    return waiting.empty() ? domain::TimePoint::max() : waiting.top().visible;
  }
  std::vector<Item> receive(domain::Priority priority) {
    auto& waiting = waiting_[index(priority)];
    std::vector<Item> received;
    for (; received.size() < 10 && next(priority) <= clock_.now(); waiting.pop())
      received.push_back(waiting.top().item);
    return received;
  }

 private:
  struct Message {
    domain::TimePoint visible;
    std::uint64_t order = 0;
    Item item;
    bool operator<(const Message& other) const {
      return visible != other.visible ? visible > other.visible : order > other.order;
    }
  };
  static std::size_t index(domain::Priority priority) {
    return priority == domain::Priority::high ? 1 : 0;
  }
  domain::Milliseconds latency() { return domain::Milliseconds{10 + random_() % 50}; }

  ports::Clock& clock_;
  std::mt19937 random_{7};
  std::uint64_t offered_ = 0;
  std::array<std::priority_queue<Message>, 2> waiting_;
};

class SenderSimulation {
 public:
  struct Load {
    int parts_per_second;
    std::vector<int> normal_parts;  // of the normal messages, by turns
    std::vector<int> urgent_parts;
    domain::Milliseconds urgent_gap;  // the mean time between two urgent ones
    int urgent;                       // number of them; the simulation ends with the last
  };
  struct Outcome {
    std::vector<domain::Milliseconds> waits;  // of the urgent ones, in order of size
    double used = 0;                          // of the parts that the windows of the rate permit
    int max_second = 0;                       // parts in the fullest second
    int normal_parts = 0;
    domain::Milliseconds wait_of(int percent) const {
      const auto place = (waits.size() * static_cast<std::size_t>(percent) + 99) / 100;
      return waits.at(place - 1);
    }
  };

  explicit SenderSimulation(Load load)
      : load_{std::move(load)}, shop_{policy(), load_.parts_per_second} {
    for (int i = 0; i < normal_senders + urgent_senders; ++i)
      senders_.push_back(std::make_unique<DeliveryPipeline>(
          shop_.storage(), shop_.channels(),
          Surroundings{queue_, shop_.clock, shop_.telemetry, line_hold_},
          DeliverySettings{.policy = policy(), .sms = Shop::sender_settings()}));
    for (int i = 0; i < normal_senders; ++i) idle_[0].push_back(i);
    for (int i = 0; i < urgent_senders; ++i) idle_[1].push_back(normal_senders + i);
    shop_.carrier.while_submitting([this](const ports::Sms& sms) { submitted(sms); });
  }

  /// Runs until all urgent ones are gone.
  Outcome run() {
    for (int i = 0; i < backlog; ++i) arrive(domain::Priority::normal, normal_turn());
    const auto warm = shop_.clock.now() + 20s;  // until the backlog has spread
    while (shop_.clock.now() < warm) step(domain::TimePoint::max());
    measured_from_ = shop_.clock.now();
    auto next_urgent = measured_from_;
    for (int left = load_.urgent; left > 0 || urgent_waiting_ > 0;) {
      if (step(left > 0 ? next_urgent : domain::TimePoint::max())) continue;
      arrive(domain::Priority::high,
             load_.urgent_parts[static_cast<std::size_t>(left) % load_.urgent_parts.size()]);
      ++urgent_waiting_;
      --left;
      next_urgent += gap();
    }
    return outcome();
  }

 private:
  static constexpr int normal_senders = 40, urgent_senders = 10, backlog = 3000;
  static constexpr domain::Milliseconds sending{250}, refused{60};  // the times of an invocation

  static domain::Policy policy() {
    domain::Policy p;
    p.limits.monthly = domain::Money{1'000'000'000'000'000};
    return p;
  }
  int normal_turn() {
    return load_.normal_parts[static_cast<std::size_t>(++normal_) % load_.normal_parts.size()];
  }
  domain::Milliseconds gap() {
    std::exponential_distribution<double> apart{1.0 /
                                                static_cast<double>(load_.urgent_gap.count())};
    return domain::Milliseconds{static_cast<int>(apart(random_)) + 1};
  }

  /// A new message, in the store and in its queue.
  void arrive(domain::Priority priority, int parts) {
    const auto now = shop_.clock.now();
    domain::Notification n;
    for (auto& byte : n.id.bytes) byte = static_cast<std::uint8_t>(random_());
    n.shop = "default";
    n.order_id = domain::to_string(n.id);
    n.priority = priority;
    n.created_at = now;
    n.not_after = now + 240h;
    n.due_at = now;
    n.content.phone = "+4915112345678";
    n.content.sms_text = "Hello";
    n.content.segments = parts;
    n.estimate = domain::Money{1};
    const ports::WorkQueue::Item item{
        .id = n.id, .priority = priority, .due_at = now, .segments = parts};
    {
      const concurrency::Lock lock{shop_.world.mutex};
      shop_.world.rows[n.id].notification = std::move(n);
    }
    queue_.offer({&item, 1});
    arrived_[item.id] = {now, priority};
  }

  void submitted(const ports::Sms& sms) {
    const auto now = shop_.clock.now();
    sent_.push_back({now, sms.segments});
    const auto [at, priority] = arrived_.at(sms.reference);
    if (priority == domain::Priority::high) {
      waits_.push_back(now - at);
      --urgent_waiting_;
    } else {
      ++refill_;
      if (now >= measured_from_) normal_parts_ += sms.segments;
    }
  }

  /// Goes on to what happens next, which is false where `until` comes first.
  bool step(domain::TimePoint until) {
    using domain::Priority;
    const auto next_busy = busy_.empty() ? domain::TimePoint::max() : busy_.top().first;
    const auto ready = [&](std::size_t kind, Priority priority) {
      if (idle_[kind].empty()) return domain::TimePoint::max();
      return std::max(queue_.next(priority), shop_.clock.now());
    };
    const auto urgent = ready(1, Priority::high), normal = ready(0, Priority::normal);
    const auto next = std::min({next_busy, urgent, normal});
    shop_.clock.set(std::max(shop_.clock.now(), std::min(next, until)));
    if (until < next) return false;
    if (next == next_busy) {
      const int sender = busy_.top().second;
      busy_.pop();
      idle_[sender < normal_senders ? 0 : 1].push_back(sender);
    } else if (next == urgent) {
      invoke(1, Priority::high);
    } else {
      invoke(0, Priority::normal);
    }
    for (; refill_ > 0; --refill_) arrive(Priority::normal, normal_turn());
    return true;
  }

  void invoke(std::size_t kind, domain::Priority priority) {
    const int sender = idle_[kind].back();
    idle_[kind].pop_back();
    const auto items = queue_.receive(priority);
    const auto before = sent_.size();
    const auto done = senders_[static_cast<std::size_t>(sender)]->queued_sms.send(items);
    EXPECT_TRUE(done);
    busy_.push({shop_.clock.now() + (sent_.size() > before ? sending : refused), sender});
  }

  Outcome outcome() const {
    Outcome found{.waits = waits_, .normal_parts = normal_parts_};
    std::sort(found.waits.begin(), found.waits.end());
    int all = 0, within = 0;
    std::size_t oldest = 0;
    for (const auto& [at, parts] : sent_) {
      all += at >= measured_from_ ? parts : 0;
      for (within += parts; sent_[oldest].first <= at - 1s; ++oldest)
        within -= sent_[oldest].second;
      found.max_second = std::max(found.max_second, within);
    }
    const auto windows = std::chrono::duration<double>(shop_.clock.now() - measured_from_) /
                         std::chrono::duration<double>(domain::Pacer::window);
    found.used = all / (windows * load_.parts_per_second);
    return found;
  }

  struct Arrival {
    domain::TimePoint at;
    domain::Priority priority = domain::Priority::normal;
  };
  using Busy = std::pair<domain::TimePoint, int>;  // until, sender

  Load load_;
  Shop shop_;
  SimulatedSqs queue_{shop_.clock};
  LocalLineHold line_hold_;
  std::vector<std::unique_ptr<DeliveryPipeline>> senders_;
  std::array<std::vector<int>, 2> idle_;
  std::priority_queue<Busy, std::vector<Busy>, std::greater<>> busy_;
  std::map<domain::NotificationId, Arrival> arrived_;
  std::vector<std::pair<domain::TimePoint, int>> sent_;
  std::vector<domain::Milliseconds> waits_;
  domain::TimePoint measured_from_ = domain::TimePoint::max();
  std::mt19937 random_{11};
  int normal_ = 0, refill_ = 0, urgent_waiting_ = 0, normal_parts_ = 0;
};

}  // namespace postrider::pipeline::testing
