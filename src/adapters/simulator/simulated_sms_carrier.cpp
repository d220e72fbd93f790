#include "adapters/simulator/simulated_sms_carrier.hpp"

#include <algorithm>
#include <utility>

namespace postrider::adapters::simulator {
namespace {

using domain::Fault;

ports::SmsOutcome outcome_of(const ports::Sms& sms, const Verdict& verdict) {
  const std::string code{verdict.code};
  switch (verdict.answer) {
    case Answer::accepted: return ports::SmsAccepted{message_id(sms.reference, sms.attempt_no)};
    case Answer::refused_temporary: return ports::SmsFailed{Fault::passing, code};
    case Answer::refused_for_good: return ports::SmsFailed{Fault::message, code};
    case Answer::opted_out: return ports::SmsFailed{Fault::opted_out, code};
    case Answer::throttled: return ports::SmsFailed{Fault::throttled, code, verdict.retry_after};
    case Answer::unknown: break;
  }
  return ports::SmsFailed{Fault::unknown, code};
}

}  // namespace

SimulatedSmsCarrier::SimulatedSmsCarrier(NetworkSettings settings, ports::Clock& clock, Sink sink,
                                         Ledger* ledger, std::string name)
    : network_{settings},
      clock_{clock},
      sink_{std::move(sink)},
      ledger_{ledger},
      name_{std::move(name)},
      meter_{settings.throttle_above},
      thread_{[this] { run(); }} {}

SimulatedSmsCarrier::~SimulatedSmsCarrier() { stop(); }

void SimulatedSmsCarrier::stop() {
  {
    const concurrency::Lock lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::size_t SimulatedSmsCarrier::receipts_waiting() const {
  const concurrency::Lock lock{mutex_};
  return waiting_.size();
}

std::vector<ports::SmsOutcome> SimulatedSmsCarrier::submit(std::span<const ports::Sms> batch,
                                                           domain::TimePoint until) {
  if (clock_.now() >= until)
    return std::vector<ports::SmsOutcome>(batch.size(), ports::SmsNotBegun{});
  const auto verdicts = judge(batch);
  std::vector<ports::SmsOutcome> outcomes;
  outcomes.reserve(batch.size());
  if (!enter_ledger(batch, verdicts)) {
    for (const auto& sms : batch) {
      (void)sms;
      outcomes.emplace_back(ports::SmsFailed{Fault::server, "ledger_failed"});
    }
    return outcomes;
  }
  hand_over_early(batch, verdicts);
  domain::Milliseconds longest{0};
  for (const auto& verdict : verdicts) longest = std::max(longest, verdict.latency);
  if (longest.count() > 0) std::this_thread::sleep_for(longest);
  plan(batch, verdicts);
  for (std::size_t i = 0; i < batch.size(); ++i)
    outcomes.push_back(outcome_of(batch[i], verdicts[i]));
  return outcomes;
}

std::vector<Verdict> SimulatedSmsCarrier::judge(std::span<const ports::Sms> batch) {
  std::vector<Verdict> verdicts;
  verdicts.reserve(batch.size());
  for (const auto& sms : batch)
    verdicts.push_back(network_.judge(sms.to, sms.reference, sms.attempt_no));
  const concurrency::Lock lock{mutex_};
  const bool overrun = waiting_.size() > max_waiting;
  const auto now = clock_.now();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!overrun && meter_.admit(now, batch[i].segments)) continue;
    verdicts[i] = Verdict{
        Answer::throttled, "throttled", verdicts[i].latency, network_.settings().retry_after, {}};
  }
  return verdicts;
}

bool SimulatedSmsCarrier::enter_ledger(std::span<const ports::Sms> batch,
                                       std::span<const Verdict> verdicts) {
  if (ledger_ == nullptr) return true;
  std::vector<LedgerEntry> entries;
  entries.reserve(batch.size());
  const auto now = clock_.now();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto& sms = batch[i];
    entries.push_back(
        {now, sms.reference, sms.attempt_no, sms.to, sms.segments, verdicts[i].answer});
  }
  return ledger_->append(entries).has_value();
}

domain::Receipt SimulatedSmsCarrier::receipt_of(const ports::Sms& sms,
                                                const PlannedReceipt& planned) const {
  domain::Receipt receipt;
  receipt.carrier = name_;
  receipt.message_id = message_id(sms.reference, sms.attempt_no);
  receipt.outcome = planned.outcome;
  receipt.proof = planned.proof;
  receipt.detail = planned.detail;
  receipt.at = clock_.now();
  receipt.segments = sms.segments;
  return receipt;
}

void SimulatedSmsCarrier::hand_over_early(std::span<const ports::Sms> batch,
                                          std::span<const Verdict> verdicts) {
  std::vector<domain::Receipt> early;
  for (std::size_t i = 0; i < batch.size(); ++i)
    for (const auto& planned : verdicts[i].receipts)
      if (planned.early) early.push_back(receipt_of(batch[i], planned));
  for (std::span<const domain::Receipt> rest = early; !rest.empty() && sink_;) {
    const auto size = std::min(rest.size(), max_receipts);
    sink_(rest.first(size));
    rest = rest.subspan(size);
  }
}

void SimulatedSmsCarrier::plan(std::span<const ports::Sms> batch,
                               std::span<const Verdict> verdicts) {
  const auto now = Steady::now();
  std::vector<Waiting> planned;
  planned.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i)
    for (const auto& receipt : verdicts[i].receipts)
      if (!receipt.early)
        planned.push_back({now + receipt.delay, 0, receipt_of(batch[i], receipt)});
  if (planned.empty()) return;
  {
    const concurrency::Lock lock{mutex_};
    for (auto& waiting : planned) {
      waiting.order = ++planned_;
      waiting_.push(std::move(waiting));
    }
  }
  changed_.notify_one();
}

void SimulatedSmsCarrier::run() {
  std::vector<domain::Receipt> due;
  due.reserve(max_receipts);
  concurrency::Lock lock{mutex_};
  while (true) {
    const auto now = Steady::now();
    while (!waiting_.empty() && waiting_.top().due <= now && due.size() < max_receipts) {
      // Moving out of a const object is safe here, because pop() removes it right afterwards.
      due.push_back(std::move(const_cast<Waiting&>(waiting_.top()).receipt));
      waiting_.pop();
    }
    if (!due.empty()) {
      lock.unlock();
      // A receipt has the time at which it comes, not the time at which it was planned.
      for (auto& receipt : due) receipt.at = clock_.now();
      if (sink_) sink_(due);
      due.clear();
      lock.lock();
    } else if (stopping_) {
      return;
    } else if (waiting_.empty()) {
      changed_.wait(lock);
    } else {
      const auto next = waiting_.top().due;  // a copy: submit() may move the queue meanwhile
      changed_.wait_until(lock, next);
    }
  }
}

}  // namespace postrider::adapters::simulator
