#include <chrono>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "adapters/telemetry/json_telemetry.hpp"
#include "ceilings/sqlite_rows.hpp"
#include "measurements.hpp"
#include "message/json/order_event_json.hpp"
#include "orders.hpp"
#include "pipeline/line/local_line_hold.hpp"
#include "pipeline/no_channels.hpp"
#include "programs/serve/local_service.hpp"
#include "programs/system_clock.hpp"
#include "rendered.hpp"
#include "service.hpp"

namespace postrider::bench {
namespace {

using Clock = std::chrono::steady_clock;
using adapters::simulator::SimulatedSmsCarrier;
using adapters::telemetry::JsonTelemetry;

constexpr std::size_t batch = 1000;
constexpr std::chrono::seconds longest_wait{60};
// A receipt takes a while on any network: far less than a second here, but more than the commit of
// the submission, or the figure would be one of early receipts.
constexpr std::chrono::milliseconds receipt_delay{100};

double rate(std::size_t rows, Clock::duration time) {
  return static_cast<double>(rows) / std::chrono::duration<double>(time).count();
}

std::vector<pipeline::Incoming> events(std::uint64_t first, std::size_t count) {
  NumberedText text{event_pattern()};
  message::JsonReader reader;
  std::vector<pipeline::Incoming> orders;
  for (std::size_t i = 0; i < count; ++i) {
    text.set(first + i);
    auto parsed = reader.order_event(text.text());
    auto& incoming = orders.emplace_back();
    incoming.origin.shop = "default";
    incoming.event = std::get<domain::OrderEvent>(std::move(parsed));
  }
  return orders;
}

settings::Config configuration(const Folder& folder) {
  settings::Config config;
  config.data = folder / "data";
  config.customer.per_hour = 0;
  config.sms.parts_per_second = 0;
  config.sms.batch = batch;
  config.sms.monthly_limit = {1'000'000'000'000'000};  // never reached
  config.simulator.receipt_delay = receipt_delay;
  return config;
}

/// The objects that one measurement needs, on an empty store.
struct Home {
  explicit Home(const Settings& settings)
      : folder{settings},
        config{configuration(folder)},
        telemetry{{(folder / "log").string(), ports::Level::warning}, clock},
        machine{config, clock, telemetry} {}

  void accept(std::span<const pipeline::Incoming> orders) {
    const auto accepted = machine.pipeline.orders.accept(orders);
    if (!accepted) throw std::runtime_error{accepted.error().what};
  }

  std::size_t delivered() {
    auto counts = machine.query.counts();
    if (!counts) throw std::runtime_error{counts.error().what};
    return static_cast<std::size_t>((*counts)[domain::State::delivered]);
  }

  Folder folder;
  settings::Config config;
  programs::SystemClock clock;
  JsonTelemetry telemetry;
  programs::LocalService machine;
};

/// A queue of the simulator's receipts, emptied on demand, so that one thread does all the work.
class ReceiptTray {
 public:
  void put(std::span<const domain::Receipt> receipts) {
    const std::lock_guard lock{mutex_};
    receipts_.insert(receipts_.end(), receipts.begin(), receipts.end());
    if (receipts_.size() >= batch) full_.notify_one();
  }

  std::vector<domain::Receipt> take() {
    std::unique_lock lock{mutex_};
    if (!full_.wait_for(lock, longest_wait, [this] { return receipts_.size() >= batch; }))
      throw std::runtime_error{"receipts are missing"};
    return std::exchange(receipts_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable full_;
  std::vector<domain::Receipt> receipts_;
};

/// Intake, sending and receipts one after the other on this thread, batch by batch, as the ceiling
/// works. The time of the simulated network is not counted.
double stage_after_stage(const Settings& settings) {
  Home home{settings};
  auto& m = home.machine;
  ReceiptTray tray;
  adapters::simulator::NetworkSettings network;
  network.receipt_min = network.receipt_max = domain::Milliseconds{0};
  SimulatedSmsCarrier carrier{network, home.clock, [&](auto receipts) { tray.put(receipts); }};
  pipeline::NoMailer mailer;
  pipeline::LocalLineHold hold;
  pipeline::DeliveryPipeline pipeline{
      m.storage(),
      {carrier, carrier, mailer, mailer},
      {m.signal, home.clock, home.telemetry, hold},
      {.policy = settings::policy_of(home.config), .sms = {.batch = batch}}};
  Clock::duration spent{};
  for (std::size_t row = 0; row < settings.carried_rows; row += batch) {
    const auto orders = events(row, batch);
    auto began = Clock::now();
    home.accept(orders);
    const auto sent = pipeline.due_sms.send_due();
    spent += Clock::now() - began;
    if (!sent || sent->handled != batch) throw std::runtime_error{"a batch was not sent whole"};
    const auto receipts = tray.take();
    began = Clock::now();
    const auto tracked = pipeline.tracker.apply(receipts);
    spent += Clock::now() - began;
    if (!tracked || tracked->applied != batch) throw std::runtime_error{"receipts did not apply"};
  }
  if (home.delivered() != settings.carried_rows) throw std::runtime_error{"not all were delivered"};
  return rate(settings.carried_rows, spent);
}

/// The threads of the service: intake here, two that send, one that brings receipts.
double thread_a_stage(const Settings& settings) {
  const auto orders = events(0, settings.carried_rows);
  Home home{settings};
  programs::Workers workers{home.machine.signal, home.telemetry};
  workers.add("sms", domain::Channel::sms, home.config.sms.workers,
              [&home] { return home.machine.pipeline.due_sms.send_due(); });
  const auto began = Clock::now();
  for (std::size_t row = 0; row < orders.size(); row += batch)
    home.accept(std::span{orders}.subspan(row, batch));
  while (home.delivered() < orders.size()) {
    if (Clock::now() - began > longest_wait) throw std::runtime_error{"not all were delivered"};
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return rate(orders.size(), Clock::now() - began);
}

double ceiling(const Settings& settings, const TextLengths& lengths) {
  const Folder folder{settings};
  ceilings::SqliteRows store{folder / "rows.db"};
  RowMaker maker{lengths};
  Clock::duration spent{};
  for (std::size_t row = 0; row < settings.carried_rows; row += batch) {
    const auto now = static_cast<std::int64_t>(row);
    const auto& rows = maker.make(row, batch, now);
    const auto began = Clock::now();
    store.insert(rows);
    if (store.claim(batch, now) != static_cast<int>(batch))
      throw std::runtime_error{"the ceiling claims too few"};
    store.sent(now);
    store.delivered(now);
    spent += Clock::now() - began;
  }
  return rate(settings.carried_rows, spent);
}

}  // namespace

std::vector<Figure> measure_life_cycle(const Settings& settings) {
  const auto lengths = rendered_lengths();
  std::vector<Figure> figures;
  const auto measure = [&](const std::string& title, double (*side)(const Settings&)) {
    std::function<double()> ours;
    if (!settings.ceilings_only) ours = [&] { return side(settings); };
    figures.push_back(measure_one(
        settings.rounds, {.number = "P3", .what = title, .unit = "notifications/s", .goal = 0.7},
        ours, [&] { return ceiling(settings, lengths); }, std::cerr));
  };
  measure("carried through, stage after stage", stage_after_stage);
  measure("carried through, the service's threads", thread_a_stage);
  return figures;
}

}  // namespace postrider::bench
