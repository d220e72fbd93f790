#include "programs/demo/demo_command.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <thread>

#include "adapters/sqlite/notification_query.hpp"
#include "programs/cli/verify.hpp"
#include "programs/demo/child_service.hpp"
#include "programs/demo/demo_report.hpp"
#include "programs/demo/demo_shop.hpp"
#include "programs/import/row_sink.hpp"
#include "programs/outcome.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

namespace fs = std::filesystem;
using adapters::sqlite::Database;
using Clock = std::chrono::steady_clock;

constexpr std::size_t slice_rows = 200;
constexpr std::chrono::minutes max_day{5};  // of waiting for the last end state

struct DemoOptions {
  std::string data = "build/demo";
  int orders = 4000;
  std::uint32_t seed = 1;
};

/// The settings of the service. The waits are short, so that a day takes seconds; all other
/// settings are those of a real shop.
std::vector<std::string> demo_settings(const std::string& prices) {
  return {"sms.prices=" + prices,
          "shop.name=Baker’s Corner",  // with the apostrophe that people type, which is not GSM-7
          "shop.region=US",
          "shop.tracking_link=https://corner.example/t/{order_id}",
          "sms.parts_per_second=1000",
          "sms.receipt_wait=4s",
          "sms.backoff=200ms",
          "email.backoff=200ms",
          "customer.window=4s",
          "sweep.every=200ms",
          "simulator.latency=5ms",
          "simulator.receipt_delay=600ms",
          "simulator.loss=0.01",
          "simulator.refuse_temporary=0.01",
          "simulator.refuse_for_good=0.005",
          "simulator.unknown=0.003",
          "simulator.duplicate_receipts=0.02",
          "simulator.early_receipts=0.02"};
}

/// Removes the folder of an earlier demo. Throws Refused for any other folder with contents.
void remove_earlier_demo(const fs::path& folder) {
  if (!fs::exists(folder) || fs::is_empty(folder)) return;
  if (!fs::exists(folder / "demo"))
    throw Refused{folder.string() +
                  " is not empty, and no earlier demo made it: choose another --data"};
  fs::remove_all(folder);
}

/// A progress bar on a terminal; elsewhere a line every two seconds.
class ProgressBar {
 public:
  explicit ProgressBar(std::string what)
      : what_{std::move(what)}, terminal_{isatty(STDERR_FILENO) == 1} {}

  void show(std::uint64_t done, std::uint64_t total, bool last = false) {
    const auto now = Clock::now();
    const auto every = terminal_ ? std::chrono::milliseconds{100} : std::chrono::seconds{2};
    if (!last && now - shown_ < every) return;
    shown_ = now;
    constexpr std::uint64_t width = 30;
    const auto filled = total == 0 ? width : std::min(done * width / total, width);
    std::string bar(filled, '#');
    bar.resize(width, '.');
    std::cerr << (terminal_ ? "\r" : "") << "  " << what_ << " [" << bar << "] " << grouped(done)
              << " of " << grouped(total);
    if (last || !terminal_) std::cerr << "\n";
    std::cerr.flush();
  }

 private:
  std::string what_;
  bool terminal_;
  Clock::time_point shown_{};
};

void put_rows(RowSink& sink, const std::vector<std::string>& rows, const char* what,
              const std::function<void(const RowResult&)>& count) {
  ProgressBar bar{what};
  for (std::size_t at = 0; at < rows.size(); at += slice_rows) {
    const auto size = std::min(slice_rows, rows.size() - at);
    auto results = sink.put(std::span{rows}.subspan(at, size));
    if (!results) throw Refused{results.error().what};
    for (const auto& result : *results) count(result);
    bar.show(at + size, rows.size());
  }
  bar.show(rows.size(), rows.size(), true);
}

std::map<domain::State, std::int64_t> wait_for_ends(ports::NotificationQuery& query,
                                                    std::uint64_t accepted) {
  ProgressBar bar{"carried  "};
  const auto began = Clock::now();
  while (true) {
    auto counts = query.counts();
    if (!counts) throw Refused{counts.error().what};
    std::uint64_t ended = 0;
    for (const auto& [state, n] : *counts)
      if (domain::is_end(state)) ended += static_cast<std::uint64_t>(n);
    const bool done = ended >= accepted || Clock::now() - began > max_day;
    bar.show(ended, accepted, done);
    if (done) return *counts;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

int run(const DemoOptions& options) {
  const fs::path folder = options.data;
  remove_earlier_demo(folder);
  fs::create_directories(folder);
  std::ofstream{folder / "demo"} << "made by postrider demo; may be deleted\n";
  const auto prices = (folder / "prices.toml").string();
  std::ofstream{prices} << demo_prices();
  const auto shop_day = make_demo_day(options.orders, options.seed);
  std::cerr << "A shop's day: " << grouped(static_cast<std::uint64_t>(shop_day.orders))
            << " orders, customers in " << shop_day.countries
            << " countries, bad rows among them.\n";

  DemoReport report;
  report.rows = shop_day.events.size();
  {
    ChildService service{options.data, demo_settings(prices)};
    HttpClient client{service.url(), ""};
    HttpRowSink customers{client, "/v1/customers"};
    HttpRowSink events{client, "/v1/order-events"};
    put_rows(customers, shop_day.customers, "customers", [](const RowResult&) {});
    const auto began = Clock::now();
    put_rows(events, shop_day.events, "events   ",
             [&](const RowResult& result) { report.count(result); });
    auto reader = Database::open_reader(options.data);
    if (!reader) throw Refused{reader.error().what};
    adapters::sqlite::SqliteNotificationQuery query{**reader};
    report.ends = wait_for_ends(query, report.accepted);
    report.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    report.read_metrics(client.call("GET", "/metrics").body);
    report.read_costs(client.call("GET", "/v1/reports/cost").body);
    // The same day a second time: every row is a repeat, so that nothing may be sent.
    put_rows(events, shop_day.events, "again    ",
             [&](const RowResult& result) { report.count_again(result); });
    report.read_metrics_again(client.call("GET", "/metrics").body);
    if (service.stop() != exit_done)
      throw Refused{"the service ended with an error; see " + options.data + "/service.log"};
  }
  auto findings = verify_database(options.data);
  if (!findings) throw Refused{findings.error().what};
  report.findings = std::move(*findings);
  std::cout << report.table(options.data);
  return report.nothing_lost() ? exit_done : exit_refused;
}

}  // namespace

void add_demo_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DemoOptions>();
  auto* command = app.add_subcommand("demo", "Run a made-up shop's day through the real service");
  command->add_option("--data", options->data, "folder for store and outbox")
      ->capture_default_str();
  command->add_option("--orders", options->orders, "orders of the day")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command
      ->add_option("--seed", options->seed,
                   "start of the random numbers; the same seed makes the same day")
      ->capture_default_str();
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace postrider::programs
