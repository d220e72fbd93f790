#include "contract/orderings/order_world.hpp"

#include <algorithm>
#include <numeric>

namespace postrider::contract {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array names{"confirmed", "packed", "shipped", "delivered", "refunded"};
constexpr std::array<Milliseconds, 7> delays{seconds{0},  seconds{0}, seconds{0}, seconds{1},
                                             seconds{20}, minutes{2}, minutes{6}};
constexpr std::array<Milliseconds, 4> answers_after{seconds{1}, seconds{10}, seconds{30},
                                                    minutes{2}};
constexpr auto events_last_for = minutes{40};
constexpr auto day = hours{14};

domain::Policy policy_of_the_day() {
  domain::Policy policy;
  policy.sms_not_after = hours{2};
  policy.throttle_per_hour = 0;
  return policy;
}

}  // namespace

class OrderWorld::Carrier final : public ports::SmsCarrier {
 public:
  explicit Carrier(OrderWorld& world) : world_{world} {}
  std::string name() const override { return "carrier"; }
  int width() const override { return 40; }

  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch,
                                        domain::TimePoint until) override {
    std::vector<ports::SmsOutcome> outcomes;
    for (const auto& sms : batch)
      outcomes.push_back(world_.clock_.now() < until ? outcome_of(sms)
                                                     : ports::SmsOutcome{ports::SmsNotBegun{}});
    return outcomes;
  }

  /// Some answers come later than their receipts, or than the lease. Of a batch in which the
  /// process is killed some messages are given, and nobody hears of them.
  void start(std::vector<ports::Sms> batch, domain::TimePoint until, Ended ended) override {
    if (!world_.dies_within(batch.size())) {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        auto outcome = submit({&batch[i], 1}, until).front();
        const bool late = world_.chance(30) && !std::holds_alternative<ports::SmsNotBegun>(outcome);
        if (!late) {
          ended(i, outcome);
          continue;
        }
        const auto when = world_.clock_.now() + answers_after[world_.random_() % 4];
        world_.answers_.emplace(
            when, Answer{[ended, i](const auto& o) { ended(i, o); }, std::move(outcome)});
      }
      return;
    }
    const auto given = world_.random_() % (batch.size() + 1);
    submit(std::span{batch}.first(given), until);
    world_.unheard_.emplace_back([ended, size = batch.size()] {
      for (std::size_t i = 0; i < size; ++i) ended(i, ports::SmsNotBegun{});
    });
  }

 private:
  ports::SmsOutcome outcome_of(const ports::Sms& sms) {
    const auto fate = world_.random_() % 100;
    const bool refused = fate < 20;
    world_.give(sms.reference, domain::Channel::sms, refused);
    if (fate < 12) return ports::SmsFailed{domain::Fault::passing, "busy"};
    if (fate < 20) return ports::SmsFailed{domain::Fault::message, "invalid"};
    if (fate < 28) return ports::SmsFailed{domain::Fault::unknown, "timeout"};
    const auto id = "m" + std::to_string(++world_.messages_);
    world_.promise_receipt(id);
    return ports::SmsAccepted{id};
  }

  OrderWorld& world_;
};

class OrderWorld::Mailer final : public ports::Mailer {
 public:
  explicit Mailer(OrderWorld& world) : world_{world} {}
  std::string name() const override { return "mail"; }

  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint) override {
    std::vector<ports::MailOutcome> outcomes;
    for (const auto& mail : batch) {
      if (world_.dies_within(1)) throw Killed{};
      const auto fate = world_.random_() % 100;
      world_.give(mail.reference, domain::Channel::email, fate < 20);
      if (fate < 12) {
        outcomes.emplace_back(ports::MailFailed{domain::Fault::passing, "smtp_451"});
      } else if (fate < 20) {
        outcomes.emplace_back(ports::MailFailed{domain::Fault::recipient, "smtp_554"});
      } else if (fate < 27) {
        outcomes.emplace_back(ports::MailFailed{domain::Fault::unknown, "dropped"});
      } else {
        outcomes.emplace_back(ports::MailAccepted{"mail" + std::to_string(++world_.messages_)});
      }
      if (world_.dies_within(1)) throw Killed{};
    }
    return outcomes;
  }

 private:
  OrderWorld& world_;
};

OrderWorld::OrderWorld(Home& home, const Plan& plan)
    : home_{home},
      plan_{plan},
      random_{plan.seed},
      allowance_{home.allowance(0)},
      carrier_{std::make_unique<Carrier>(*this)},
      mailer_{std::make_unique<Mailer>(*this)} {
  clock_.set(start);
  for (int order = 0; order < plan.orders; ++order) plan_order(order);
  start_process();
  if (plan.in_use_before) use_before();
}

OrderWorld::~OrderWorld() {
  for (const auto& [when, answer] : answers_) answer.tell(ports::SmsNotBegun{});
  for (const auto& end : unheard_) end();  // or the killed processes would wait for it
}

Notification OrderWorld::notification_of(int order, int status, domain::TimePoint arrives) {
  auto n = sample(order * statuses + status);
  for (std::size_t i = 0; i < 4; ++i)  // sample() has fewer ids than a day has notifications
    n.id.bytes[i] =
        static_cast<std::uint8_t>((order * statuses + status) >> (8 * static_cast<int>(i)));
  n.order_id = "o" + std::to_string(order);
  n.customer_id = "c" + std::to_string(order);
  n.status = names[static_cast<std::size_t>(status)];
  n.priority = domain::priority_of(n.status);
  n.created_at = n.due_at.emplace(arrives);
  n.not_after = arrives + policy_of_the_day().sms_not_after;
  n.content.quiet.clear();
  return n;
}

/// An order with the permutation of its number: when each status arrives, and what the customer can
/// be reached by.
void OrderWorld::plan_order(int order) {
  std::array<int, statuses> arrival{};
  std::iota(arrival.begin(), arrival.end(), 0);
  for (int i = 0; i < order % permutations; ++i)
    std::next_permutation(arrival.begin(), arrival.end());
  const bool has_times = order % 3 != 0;
  const auto reach = random_() % 20;  // of the order: 0 nobody, 1 and 2 by SMS, 3 to 5 by e-mail
  auto at = start + minutes{10} + Milliseconds{random_() % 60'000};
  for (int place = 0; place < statuses; ++place) {
    const int status = arrival[static_cast<std::size_t>(place)];
    at += delays[random_() % delays.size()];
    auto n = notification_of(order, status, at);
    if (has_times) n.occurred_at = start + seconds{30 * status};
    if (has_times && chance(5)) *n.occurred_at += hours{2};  // a clock that is ahead
    n.intake = domain::to_unix_ms(at) * 1000 + place;
    if (reach <= 2 && reach > 0) n.content.email.clear();
    if (reach >= 3 && reach <= 5) {
      n.state = State::email_due;
      n.reason = "phone_missing";
      n.content.phone.clear();
    }
    if (reach == 0 || chance(3)) {
      n.state = State::no_contact;
      n.due_at.reset();
    }
    expected_[n.id] = {order, status, domain::rank_of(n)};
    events_.emplace(at, Event{at, std::move(n)});
  }
}

void OrderWorld::start_process() {
  process_ = std::make_unique<pipeline::DeliveryPipeline>(
      pipeline::Storage{home_.store(), home_.query(), home_.inbox(), home_.customers(), *allowance_,
                        home_.audit()},
      pipeline::Channels{*carrier_, *carrier_, *mailer_, *mailer_},
      pipeline::Surroundings{queue_, clock_, telemetry_, line_hold_},
      pipeline::DeliverySettings{.policy = policy_of_the_day(),
                                 .email = {"Shop <orders@example.com>", "", "Shop"}});
}

/// True where the process is killed while it carries so many messages.
bool OrderWorld::dies_within(std::size_t messages) {
  constexpr unsigned one_in = 300;
  for (std::size_t i = 0; i < messages; ++i)
    if (random_() % one_in == 0) return true;
  return false;
}

template <class Work>
void OrderWorld::or_be_killed(Work work) {
  const auto unheard = unheard_.size();
  bool killed = false;
  try {
    work();
  } catch (const Killed&) {
    killed = true;
  }
  if (!killed && unheard_.size() == unheard) return;
  ++kills_;
  // Nobody hears the answers to a killed process.
  for (auto& [when, answer] : answers_)
    unheard_.emplace_back([tell = answer.tell] { tell(ports::SmsNotBegun{}); });
  answers_.clear();
  killed_.push_back(std::move(process_));
  start_process();
  // One machine ends the claims of its predecessor at once; on AWS their leases have to end.
  if (!home_.forgets_by_itself() && chance(50)) {
    EXPECT_TRUE(process_->sweeper.rescue_at_start());
  }
}

void OrderWorld::work() {
  std::vector<Notification> arrived;
  while (!events_.empty() && events_.begin()->first <= clock_.now()) {
    arrived.push_back(std::move(events_.begin()->second.notification));
    events_.erase(events_.begin());
  }
  if (!arrived.empty()) insert(home_.store(), arrived);
  receive();
  hear();
  or_be_killed([this] { EXPECT_TRUE(process_->sweeper.sweep()); });
  for (int round = 0, idle = 0; round < 200 && idle < 2; ++round) {
    int done = 0;
    or_be_killed([&] { done += process_->due_sms.send_due()->handled; });
    or_be_killed([&] { done += process_->fallback.send_due()->handled; });
    idle = done == 0 ? idle + 1 : 0;
  }
  queue_.clear();
}

void OrderWorld::give(const domain::NotificationId& id, domain::Channel channel, bool refused) {
  const auto& known = expected_.at(id);
  ledger_.push_back({known.order, known.status, channel, refused});
}

void OrderWorld::promise_receipt(const std::string& message_id) {
  const auto fate = random_() % 10;
  if (fate >= 8) return;
  const auto when = clock_.now() + delays[random_() % delays.size()];
  receipts_.emplace(when, receipt(message_id, fate < 5 ? domain::ReceiptOutcome::delivered
                                                       : domain::ReceiptOutcome::failed_permanent));
}

void OrderWorld::receive() {
  std::vector<domain::Receipt> come;
  while (!receipts_.empty() && receipts_.begin()->first <= clock_.now()) {
    come.push_back(receipts_.begin()->second);
    receipts_.erase(receipts_.begin());
  }
  if (!come.empty()) {
    EXPECT_TRUE(process_->tracker.apply(come));
  }
}

void OrderWorld::hear() {
  while (!answers_.empty() && answers_.begin()->first <= clock_.now()) {
    const auto answer = std::move(answers_.begin()->second);
    answers_.erase(answers_.begin());
    answer.tell(answer.outcome);
  }
}

/// The claim of a message of another order, an hour before the day.
void OrderWorld::use_before() {
  const auto then = start - hours{1};
  auto n = notification_of(plan_.orders, 0, then);
  n.content.email.clear();
  home_.pass_to(then);
  insert(home_.store(), {n});
  claim(home_.store(), n.id, then);
}

bool OrderWorld::all_ended() {
  if (!events_.empty() || !answers_.empty()) return false;
  const auto next = home_.query().next_due();
  return next && !*next;
}

void OrderWorld::run() {
  while (clock_.now() < start + day) {
    home_.pass_to(clock_.now());
    work();
    const bool early = clock_.now() < start + events_last_for;
    if (!early && all_ended()) return;
    if (early && !events_.empty() && events_.begin()->first > clock_.now() + minutes{1}) {
      clock_.advance(minutes{1});
    } else {
      clock_.advance(early ? plan_.first_step : plan_.later_step);
    }
  }
}

std::string OrderWorld::faults_of_order(int order, const std::vector<Given>& given) {
  std::string found;
  std::optional<domain::Rank> highest;
  std::map<int, int> sms;
  const auto place_of = [&](int status) {
    return expected_.at(notification_of(order, status, start).id).rank;
  };
  for (const auto& one : given) {
    const auto rank = place_of(one.status);
    if (highest && rank < *highest)
      found += "order " + std::to_string(order) + ": " +
               names[static_cast<std::size_t>(one.status)] + " after a later status\n";
    if (!one.refused) highest = std::max(highest.value_or(rank), rank);
    if (one.channel == domain::Channel::sms && !one.refused && ++sms[one.status] > 1)
      found += "order " + std::to_string(order) + ": two SMS about one status\n";
  }
  // Of a claim that died with its worker the records say that it may have been told.
  std::vector<Notification> ends;
  for (int status = 0; status < statuses; ++status)
    ends.push_back(load(home_.store(), notification_of(order, status, start).id));
  for (int status = 0; status < statuses; ++status)
    if (domain::was_told(ends[static_cast<std::size_t>(status)]))
      highest = std::max(highest.value_or(place_of(status)), place_of(status));
  for (int status = 0; status < statuses; ++status) {
    const auto state = ends[static_cast<std::size_t>(status)].state;
    if (!domain::is_end(state))
      found += "order " + std::to_string(order) + ": still " + std::string{name(state)} + "\n";
    if (state == State::superseded && (!highest || *highest < place_of(status)))
      found += "order " + std::to_string(order) + ": superseded by nothing that was told\n";
  }
  return found;
}

std::string OrderWorld::faults() {
  std::vector<std::vector<Given>> by_order(static_cast<std::size_t>(plan_.orders));
  for (const auto& one : ledger_) by_order[static_cast<std::size_t>(one.order)].push_back(one);
  std::string found;
  for (int order = 0; order < plan_.orders; ++order)
    found += faults_of_order(order, by_order[static_cast<std::size_t>(order)]);
  return found;
}

}  // namespace postrider::contract
