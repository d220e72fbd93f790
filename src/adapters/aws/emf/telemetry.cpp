#include "adapters/aws/emf/telemetry.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "message/json/order_event_json.hpp"
#include "message/redact.hpp"

namespace postrider::adapters::aws::emf {
namespace {

using Json = nlohmann::ordered_json;
using ports::Counter;

// Elements of one metric's array ("embedded metric format", specification).
constexpr std::int64_t max_values = 100;

Json json_of(const ports::FieldValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return message::redact(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  return domain::to_string(std::get<domain::NotificationId>(value));
}

}  // namespace

/// One line of embedded metrics: of the stack without a dimension, of one function by its name.
class EmfLine {
 public:
  EmfLine(const std::string& stack, const std::string& function, domain::TimePoint now)
      : namespace_{"SMSNotifications/" + stack}, now_{now} {
    root_["_aws"] = nullptr;  // first in the line
    root_["Function"] = function;
  }
  void of_stack(std::string_view name, const char* unit, Json value) {
    add(of_stack_, name, unit, std::move(value));
  }
  void of_function(std::string_view name, const char* unit, Json value) {
    add(of_function_, name, unit, std::move(value));
  }
  std::string text() {
    Json directives = Json::array();
    if (!of_stack_.empty()) directives.push_back(directive(Json::array(), of_stack_));
    if (!of_function_.empty())
      directives.push_back(directive(Json::array({"Function"}), of_function_));
    root_["_aws"] = {{"Timestamp", domain::to_unix_ms(now_)},
                     {"CloudWatchMetrics", std::move(directives)}};
    return root_.dump();
  }

 private:
  void add(Json& metrics, std::string_view name, const char* unit, Json value) {
    metrics.push_back({{"Name", name}, {"Unit", unit}});
    root_[std::string{name}] = std::move(value);
  }
  Json directive(Json dimensions, const Json& metrics) const {
    return {{"Namespace", namespace_},
            {"Dimensions", Json::array({std::move(dimensions)})},
            {"Metrics", metrics}};
  }

  const std::string namespace_;
  const domain::TimePoint now_;
  Json root_;
  Json of_stack_ = Json::array();
  Json of_function_ = Json::array();
};

namespace {

/// The values of a rate: 100 for each delivery and 0 for each failure. Their average is the rate,
/// over any period.
Json rate(std::int64_t hits, std::int64_t misses) {
  const std::int64_t total = hits + misses;
  // Values beyond an array's size are drawn to scale; one of each kind stays.
  const std::int64_t shown = std::min(total, max_values);
  const std::int64_t full = total == 0 ? 0 : (hits * shown + total - 1) / total;
  Json values = Json::array();
  for (std::int64_t i = 0; i < shown; ++i) values.push_back(i < full ? 100 : 0);
  return values;
}

}  // namespace

EmfTelemetry::EmfTelemetry(const ports::Clock& clock, std::string stack, std::string function,
                           Write write)
    : clock_{clock},
      stack_{std::move(stack)},
      function_{std::move(function)},
      write_{std::move(write)} {}

void EmfTelemetry::count(Counter counter, std::int64_t n) {
  const concurrency::Lock lock{mutex_};
  if (n > 0) counts_[static_cast<std::size_t>(counter)] += n;
}

void EmfTelemetry::took(ports::Timing timing, domain::Milliseconds duration) {
  const concurrency::Lock lock{mutex_};
  durations_[static_cast<std::size_t>(timing)].push_back(
      std::max<std::int64_t>(duration.count(), 0));
}

void EmfTelemetry::log(ports::Level level, std::string_view event,
                       std::initializer_list<std::pair<ports::Field, ports::FieldValue>> fields) {
  if (level == ports::Level::debug) return;
  Json line;
  line["ts"] = message::format_timestamp(clock_.now());
  line["level"] = ports::name(level);
  line["event"] = message::redact(event);
  line["function"] = function_;
  for (const auto& [field, value] : fields) line[std::string{ports::name(field)}] = json_of(value);
  const concurrency::Lock lock{mutex_};
  write_(line.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void EmfTelemetry::write_zeros_of(std::initializer_list<Counter> counters) {
  const concurrency::Lock lock{mutex_};
  for (const auto counter : counters) zeros_[static_cast<std::size_t>(counter)] = true;
}

void EmfTelemetry::started(std::string_view version, domain::Milliseconds init) {
  log(ports::Level::info, "started",
      {{ports::Field::version, version}, {ports::Field::milliseconds, init.count()}});
  const concurrency::Lock lock{mutex_};
  init_ = init;
}

void EmfTelemetry::flush(domain::Milliseconds duration) {
  const concurrency::Lock lock{mutex_};
  EmfLine line{stack_, function_, clock_.now()};
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const auto counter = static_cast<Counter>(i);
    if (counts_[i] != 0 || zeros_[i]) line.of_stack(ports::name(counter), "Count", counts_[i]);
  }
  const auto delivered = counts_[static_cast<std::size_t>(Counter::receipts_delivered)];
  const auto failed = counts_[static_cast<std::size_t>(Counter::receipts_failed)];
  if (delivered + failed > 0) {
    line.of_stack("SMSSuccessRate", "Percent", rate(delivered, failed));
    line.of_stack("SMSFailureRate", "Percent", rate(failed, delivered));
  }
  counts_.fill(0);
  add_durations(line);
  if (init_) {
    line.of_function("ColdStarts", "Count", 1);
    line.of_function("InitTime", "Milliseconds", init_->count());
    init_.reset();
  }
  line.of_function("HandlingTime", "Milliseconds", duration.count());
  write_(line.text());
  while (has_durations()) {
    EmfLine more{stack_, function_, clock_.now()};
    add_durations(more);
    write_(more.text());
  }
}

bool EmfTelemetry::has_durations() const {
  return std::any_of(durations_.begin(), durations_.end(),
                     [](const auto& each) { return !each.empty(); });
}

void EmfTelemetry::add_durations(EmfLine& line) {
  for (std::size_t i = 0; i < durations_.size(); ++i) {
    auto& durations = durations_[i];
    if (durations.empty()) continue;
    const auto end =
        durations.begin() + std::min(std::ssize(durations), std::ptrdiff_t{max_values});
    line.of_stack(ports::name(static_cast<ports::Timing>(i)), "Milliseconds",
                  Json(std::vector<std::int64_t>(durations.begin(), end)));
    durations.erase(durations.begin(), end);
  }
}

}  // namespace postrider::adapters::aws::emf
