// P8: the time from the start of the process to the first signed request, of the functions in their
// zips, beside Python with boto3.
#include <cstdlib>
#include <iostream>

#include "child.hpp"
#include "measurements.hpp"
#include "runtime_stub.hpp"

namespace postrider::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{30};
constexpr int starts = 5;  // a round; the fastest counts: the slower ones were disturbed
constexpr double bytes_a_mib = 1024 * 1024;

const std::string batch =
    R"({"Records":[{"messageId":"m","eventSource":"aws:sqs","attributes":{},"body":)"
    R"("{\"v\":1,\"notification_id\":\"018f0000-0000-5000-8000-000000000001\",\"channel\":\"sms\",)"
    R"(\"segments\":1}"}]})";
const std::string order = R"({"order_id":"o1","customer_id":"c1","status":"confirmed","contact":)"
                          R"({"phone":"(425) 555-0100","email":"c1@example.com"}})";

struct Side {
  std::vector<std::string> command;
  std::string task_root;
  std::string event;
  std::string awaited;  // a part of the request that ends the measurement
};

/// Milliseconds to the request, and MiB in memory at that moment.
std::vector<double> start_once(const Side& side, const std::string& handler, const fs::path& log) {
  const RuntimeStub stub{side.event, side.awaited};
  const std::string origin = "http://" + stub.address();
  std::vector<std::string> command{"/usr/bin/env",
                                   "-i",
                                   "AWS_LAMBDA_RUNTIME_API=" + stub.address(),
                                   "AWS_ENDPOINT_URL=" + origin,
                                   "LAMBDA_TASK_ROOT=" + side.task_root,
                                   "_HANDLER=" + handler,
                                   "AWS_REGION=us-east-1",
                                   "AWS_DEFAULT_REGION=us-east-1",
                                   "AWS_ACCESS_KEY_ID=key",
                                   "AWS_SECRET_ACCESS_KEY=secret",
                                   "AWS_SESSION_TOKEN=token",
                                   "NOTIFICATION_LOGS_TABLE=log",
                                   "CUSTOMER_PREFERENCES_TABLE=preferences",
                                   "DELIVERY_STATUS_TABLE=status",
                                   "GUARD_TABLE=guard",
                                   "NOTIFICATION_QUEUE_URL=" + origin,
                                   "HIGH_PRIORITY_QUEUE_URL=" + origin,
                                   "EMAIL_QUEUE_URL=" + origin,
                                   "FROM_EMAIL=orders@example.com",
                                   "SHOP_REGION=US"};
  command.insert(command.end(), side.command.begin(), side.command.end());
  const auto began = RuntimeStub::Clock::now();
  const Child function{command, log};
  const std::chrono::duration<double, std::milli> took = stub.arrived(patience) - began;
  return {took.count(), static_cast<double>(function.peak_memory()) / bytes_a_mib};
}

std::vector<double> start(const Side& side, const std::string& handler, const fs::path& log) {
  auto best = start_once(side, handler, log);
  for (int i = 1; i < starts; ++i) best = std::min(best, start_once(side, handler, log));
  return best;
}

/// The command that starts a function from its unpacked zip, with the loader in the zip.
std::vector<std::string> unpacked(const Settings& settings, const std::string& function) {
  const fs::path zip = settings.zips / (function + ".zip"), folder = settings.data / function;
  if (!fs::exists(zip)) throw std::runtime_error{zip.string() + " is missing: make lambda"};
  Child unzip{{"/usr/bin/python3", "-m", "zipfile", "-e", zip, folder},
              settings.data / "unzip.log"};
  if (unzip.wait() != 0) throw std::runtime_error{"can't unpack " + zip.string()};
  const fs::path loader = folder / "lib/ld-linux-x86-64.so.2";
  for (const auto& file : {loader, folder / "bootstrap"})
    fs::permissions(file, fs::perms::owner_exec, fs::perm_options::add);
  return {loader, "--library-path", folder / "lib", folder / "bootstrap"};
}

std::vector<Figure> measure(const Settings& settings, const std::string& function,
                            const std::string& event, const std::string& awaited, double goal) {
  std::vector<Figure> figures{
      {"P8", function + ": start to first signed request", "ms", Better::less, goal},
      {"P8", function + ": memory by then", "MiB", Better::less, 0.5}};
  const Side ours{unpacked(settings, function), settings.data / function, event, awaited};
  const Side python{{settings.python, settings.python_function}, "", event, "AWS4-HMAC-SHA256"};
  const fs::path log = settings.data / "function.log";
  const Measurement none;
  measure_alternately(
      settings.rounds, "P8 " + function, figures,
      settings.ceilings_only ? none : [&] { return start(ours, function, log); },
      [&] { return start(python, function, log); }, std::cerr);
  return figures;
}

}  // namespace

std::vector<Figure> measure_cold_start(const Settings& settings) {
  auto figures = measure(settings, "sms-sender", batch, "AWS4-HMAC-SHA256", 1.0 / 30);
  // The function's reads are answered; when it writes, the number has been normalised.
  for (auto& figure : measure(settings, "order-processor", order, "TransactWriteItems", 1.0 / 12))
    figures.push_back(std::move(figure));
  return figures;
}

}  // namespace postrider::bench
