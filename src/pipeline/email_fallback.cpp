#include "pipeline/email_fallback.hpp"

#include <algorithm>
#include <system_error>

namespace postrider::pipeline {
namespace {

using domain::Fault;
using domain::Milliseconds;
using domain::Submission;
using domain::Submitted;

constexpr Milliseconds no_mail_wait{1000};

constexpr Milliseconds longest_breaker_wait{300'000};
// The time of one send. Outcomes are written after each slice, long before a lease ends: a mail is
// sent twice only if the service dies in between, and a stop waits for one slice.
constexpr Milliseconds slice{5'000};
// Mails that may wait for their answers on threads of their own. A server that answers none gets no
// more, and a crash makes no more of them doubtful.
constexpr std::size_t max_waiting = 4;

}  // namespace

/// The mails of one lane on their way. What `ended` and `waits` tell is for the lock of flights.
struct EmailFallback::Flight {
  Lane& lane;
  std::vector<message::Email> batch = {};
  std::vector<domain::Notification> owners = {};
  domain::TimePoint at = {}, until = {};
  bool waits = false;  // one mail's answer is awaited; the outcomes of all others are written
  bool ended = false;
  std::optional<domain::Error> error = std::nullopt;
};

EmailFallback::EmailFallback(Ports ports, Settler& settler, message::EmailSettings settings,
                             domain::Policy policy, int batch)
    : ports_{ports},
      settler_{settler},
      settings_{std::move(settings)},
      policy_{policy},
      batch_{batch},
      lanes_{ports.live_mailer, ports.test_mailer, "email", longest_breaker_wait, ports.telemetry},
      width_{batch_} {}

EmailFallback::~EmailFallback() {
  bool any = false;
  {
    const concurrency::Lock lock{flights_mutex_};
    any = !flights_.empty();
  }
  if (any) stop();
  wait_until_ended();
}

domain::Result<Round> EmailFallback::send_due() {
  Round round;
  std::vector<domain::NotificationId> ids;
  domain::Result<std::vector<domain::Notification>> claimed{std::vector<domain::Notification>{}};
  {
    const concurrency::Lock only_one{pull_mutex_};  // no two workers choose the same mails
    const auto now = ports_.clock.now();
    const auto open = lanes_.live.width(now, width_);
    if (open.messages == 0) return Round{0, std::min(open.wait, no_mail_wait)};
    auto due = ports_.query.due(domain::State::email_due, now, open.messages);
    if (!due) return due.error();
    if (due->empty()) return Round{0, no_mail_wait};
    for (const auto& d : *due) ids.push_back(d.id);
    claimed = claim(ids, round);
  }
  return carry(std::move(round), std::move(claimed));
}

domain::Result<Round> EmailFallback::send(std::span<const ports::WorkQueue::Item> items) {
  const auto now = ports_.clock.now();
  if (const auto open = lanes_.live.width(now, width_); open.messages == 0) {
    std::vector<ports::WorkQueue::Item> later;
    for (auto item : items) {
      item.due_at = now + open.wait;
      if (item.stays_in_queue()) later.push_back(item);
    }
    ports_.queue.offer(later);
    return Round{};
  }
  std::vector<domain::NotificationId> ids;
  for (const auto& item : items) ids.push_back(item.id);
  Round round;
  auto claimed = claim(ids, round);
  return carry(std::move(round), std::move(claimed));
}

domain::Result<std::vector<domain::Notification>> EmailFallback::claim(
    std::span<const domain::NotificationId> ids, Round& round) {
  round.handled = static_cast<int>(ids.size());
  auto outcomes = ports_.store.claim_email(ids, {ports_.clock.now(), policy_.email_lease});
  if (!outcomes) return outcomes.error();
  const auto ruled_out = [](domain::Reason why) -> domain::Input { return domain::NoAddress{why}; };
  auto claimed = settler_.take_claims(ids, std::move(*outcomes), ruled_out, round.failed);
  const concurrency::Lock lock{under_way_mutex_};
  for (const auto& n : claimed) under_way_.insert(n.id);
  return claimed;
}

bool EmailFallback::carries(const domain::NotificationId& id) const {
  const concurrency::Lock lock{under_way_mutex_};
  return under_way_.contains(id);
}

domain::Result<Round> EmailFallback::carry(
    Round round, domain::Result<std::vector<domain::Notification>> claimed) {
  if (!claimed) return claimed.error();
  std::optional<domain::Error> error;
  for (auto* lane : lanes_.all()) {
    const auto flight = flight_of(*lane, *claimed);
    if (flight->batch.empty()) continue;
    if (auto failed = fly(flight)) error = std::move(failed);
  }
  if (error) return *std::move(error);
  return round;
}

/// The end of the slice that begins at `at`, or the middle of the first lease of `owners` where
/// that is earlier: the process may have stood still since it claimed them, and another one may
/// have ended the claims.
domain::TimePoint EmailFallback::begin_before(std::span<const domain::Notification> owners,
                                              domain::TimePoint at) const {
  auto until = at + std::min(slice, policy_.email_lease / 4);
  for (const auto& n : owners)
    if (n.due_at) until = std::min(until, *n.due_at - policy_.email_lease / 2);
  return until;
}

/// Takes the mails of `claimed` that belong to `lane`.
std::shared_ptr<EmailFallback::Flight> EmailFallback::flight_of(
    Lane& lane, std::vector<domain::Notification>& claimed) const {
  auto flight = std::make_shared<Flight>(Flight{.lane = lane});
  for (auto& n : claimed) {
    if ((n.mode == domain::Mode::live) != lane.reaches_people()) continue;
    auto email = message::compose_email(n, settings_);
    email.attempt_no = n.attempts;
    flight->batch.push_back(std::move(email));
    flight->owners.push_back(std::move(n));
  }
  flight->at = ports_.clock.now();
  flight->until = begin_before(flight->owners, flight->at);
  return flight;
}

/// Sends the mails of a flight and writes what became of them. Where one has to wait for minutes
/// the others are written, and this returns.
std::optional<domain::Error> EmailFallback::fly(const std::shared_ptr<Flight>& flight) {
  if (!flight->lane.provider.may_wait()) {
    run(*flight);
    return flight->error;
  }
  if (!launch(flight)) {
    run(*flight);
    return flight->error;
  }
  concurrency::Lock lock{flights_mutex_};
  const auto waiting = [&]() REQUIRES(flights_mutex_) {
    return static_cast<std::size_t>(std::count_if(flights_.begin(), flights_.end(),
                                                  [](const auto& f) { return f.first->waits; }));
  };
  while (!flight->ended && !(flight->waits && waiting() <= max_waiting)) changed_.wait(lock);
  end_flights();
  return flight->ended ? flight->error : std::nullopt;
}

/// Runs a flight on a thread of its own; false where the system has none left.
bool EmailFallback::launch(const std::shared_ptr<Flight>& flight) {
  const auto work = [this, flight] {
    run(*flight);
    const concurrency::Lock lock{flights_mutex_};
    flight->waits = false;
    flight->ended = true;
    changed_.notify_all();
  };
  const concurrency::Lock lock{flights_mutex_};
  try {
    flights_.emplace_back(flight, std::thread{work});
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

void EmailFallback::run(Flight& flight) {
  std::optional<std::size_t> waiting;  // the mail whose answer is awaited
  const std::vector<ports::MailOutcome> not_begun(flight.batch.size(), ports::MailNotBegun{});
  const auto waits = [&](std::span<const ports::MailOutcome> ended) {
    waiting = ended.size();
    auto error = land(flight, 0, ended);
    auto also = land(flight, *waiting + 1, std::span{not_begun}.subspan(*waiting + 1));
    const concurrency::Lock lock{flights_mutex_};
    flight.error = error ? std::move(error) : std::move(also);
    flight.waits = true;
    changed_.notify_all();
  };
  const auto outcomes = flight.at < flight.until
                            ? flight.lane.provider.send_or_wait(flight.batch, flight.until, waits)
                            : not_begun;
  std::size_t begun = 0;
  for (const auto& outcome : outcomes)
    begun += !std::holds_alternative<ports::MailNotBegun>(outcome);
  if (!waiting)
    width_ = begun < outcomes.size() ? static_cast<int>(std::max<std::size_t>(begun, 1))
                                     : std::min(2 * width_, batch_);
  const std::span all{outcomes};
  auto error = waiting ? land(flight, *waiting, all.subspan(*waiting, 1)) : land(flight, 0, all);
  const concurrency::Lock lock{flights_mutex_};
  if (error) flight.error = std::move(error);
}

/// Writes the outcomes of the mails from `first` on. Where that fails the lease runs out and the
/// mail is sent again: at least once.
std::optional<domain::Error> EmailFallback::land(Flight& flight, std::size_t first,
                                                 std::span<const ports::MailOutcome> outcomes) {
  if (outcomes.empty()) return std::nullopt;
  std::vector<Pending> pending;
  std::vector<ports::BlockedAddress> dead;
  std::int64_t sent = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    auto& owner = flight.owners[first + i];
    sent += std::holds_alternative<ports::MailAccepted>(outcomes[i]);
    const auto* no = std::get_if<ports::MailFailed>(&outcomes[i]);
    if (no != nullptr && no->fault == Fault::no_recipient)
      dead.push_back({flight.batch[first + i].to, "bounce", flight.at});
    auto input = input_of(owner, outcomes[i], flight.lane, flight.at);
    pending.push_back({owner, std::move(input)});
  }
  block(dead);
  if (sent > 0) ports_.telemetry.count(ports::Counter::emails_sent, sent);
  const auto settled = settler_.settle(pending);
  {
    const concurrency::Lock lock{under_way_mutex_};
    for (const auto& p : pending) under_way_.erase(p.notification.id);
  }
  if (!settled) return settled.error();
  return std::nullopt;
}

/// Joins the flights that have ended.
void EmailFallback::end_flights() {
  for (auto it = flights_.begin(); it != flights_.end();) {
    if (it->first->ended) {
      it->second.join();  // its last statement has released the lock
      it = flights_.erase(it);
    } else {
      ++it;
    }
  }
}

void EmailFallback::stop() {
  ports_.live_mailer.stop();
  ports_.test_mailer.stop();
}

void EmailFallback::wait_until_ended() {
  concurrency::Lock lock{flights_mutex_};
  while (true) {
    end_flights();
    if (flights_.empty()) return;
    changed_.wait(lock);
  }
}

void EmailFallback::block(const std::vector<ports::BlockedAddress>& dead) {
  // If this fails the next mail to the address bounces as well and blocks it then.
  if (!dead.empty() && !ports_.customers.block(dead))
    ports_.telemetry.log(ports::Level::warning, "store_failed", {{ports::Field::code, "block"}});
}

/// The server failed, or our account with it: all mails wait.
domain::ProviderUnavailable EmailFallback::close(Lane& lane, const ports::MailFailed& failed,
                                                 domain::TimePoint now) {
  if (lane.reaches_people()) {
    ports_.telemetry.count(ports::Counter::mail_unreachable, 1);
    if (failed.fault == Fault::account || failed.fault == Fault::sender) {
      ports_.telemetry.count(ports::Counter::account_problems, 1);
      if (account_log_.allow(now))
        ports_.telemetry.log(ports::Level::error, "provider_refuses_us",
                             {{ports::Field::reason, std::string_view{"email"}},
                              {ports::Field::code, std::string_view{failed.code}}});
    }
  }
  return lane.fail(now, failed.retry_after, failed.code);
}

domain::Input EmailFallback::input_of(const domain::Notification& n,
                                      const ports::MailOutcome& outcome, Lane& lane,
                                      domain::TimePoint at) {
  const auto now = ports_.clock.now();
  if (std::holds_alternative<ports::MailNotBegun>(outcome))
    return domain::ProviderUnavailable{{}, "not_begun"};
  Submission s;
  s.channel = domain::Channel::email;
  s.carrier = lane.provider.name();
  s.at = at;
  const auto* failed = std::get_if<ports::MailFailed>(&outcome);
  if (failed == nullptr) {
    lane.succeed(now);
    s.outcome = Submitted::accepted;
    s.message_id = std::get<ports::MailAccepted>(outcome).message_id;
    return domain::MailAccepted{n.attempts, std::move(s)};
  }
  s.error = failed->code;
  if (domain::effect_of(failed->fault).of_message) {
    lane.succeed(now);
    s.outcome = Submitted::refused;
    return domain::MailRefused{n.attempts, std::move(s), failed->fault != Fault::passing};
  }
  auto unavailable = close(lane, *failed, now);
  if (failed->fault != Fault::unknown) return unavailable;
  s.outcome = Submitted::unknown;
  return domain::MailInDoubt{n.attempts, std::move(s)};
}

}  // namespace postrider::pipeline
