#include "adapters/aws/emf/emf_telemetry.hpp"

#include <nlohmann/json.hpp>

#include "message/order_event_json.hpp"
#include "message/redact.hpp"

namespace postrider::adapters::aws::emf {
namespace {

using Json = nlohmann::ordered_json;
using ports::Counter;

// Elements of one metric's array ("embedded metric format", specification).
constexpr std::int64_t most_values = 100;

Json json_of(const ports::FieldValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return message::redact(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  return domain::to_string(std::get<domain::NotificationId>(value));
}

Json metric(std::string_view name, const char* unit) { return {{"Name", name}, {"Unit", unit}}; }

/// 100 for each delivery and 0 for each failure: their average is the rate, over any period.
Json rate(std::int64_t hits, std::int64_t misses) {
  const std::int64_t all = hits + misses;
  // More than an array holds are drawn to scale; one of a kind stays.
  const std::int64_t shown = std::min(all, most_values);
  const std::int64_t full = all == 0 ? 0 : (hits * shown + all - 1) / all;
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
  const std::lock_guard lock{mutex_};
  if (n > 0) counts_[static_cast<std::size_t>(counter)] += n;
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
  const std::lock_guard lock{mutex_};
  write_(line.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void EmfTelemetry::started(std::string_view version, domain::Milliseconds init) {
  log(ports::Level::info, "started",
      {{ports::Field::version, version}, {ports::Field::milliseconds, init.count()}});
  init_ = init;
}

void EmfTelemetry::flush(domain::Milliseconds duration) {
  const std::lock_guard lock{mutex_};
  Json metrics = Json::array();
  Json line;
  line["_aws"] = nullptr;  // first in the line
  line["Function"] = function_;
  const auto add = [&](std::string_view name, const char* unit, Json value) {
    metrics.push_back(metric(name, unit));
    line[std::string{name}] = std::move(value);
  };
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (counts_[i] != 0) add(ports::name(static_cast<Counter>(i)), "Count", counts_[i]);
  const auto delivered = counts_[static_cast<std::size_t>(Counter::receipts_delivered)];
  const auto failed = counts_[static_cast<std::size_t>(Counter::receipts_failed)];
  if (delivered + failed > 0) {
    add("SMSSuccessRate", "Percent", rate(delivered, failed));
    add("SMSFailureRate", "Percent", rate(failed, delivered));
  }
  counts_.fill(0);
  if (init_) {
    add("ColdStarts", "Count", 1);
    add("InitTime", "Milliseconds", init_->count());
    init_.reset();
  }
  add("HandlingTime", "Milliseconds", duration.count());
  line["_aws"] = {
      {"Timestamp", domain::to_unix_ms(clock_.now())},
      {"CloudWatchMetrics", Json::array({{{"Namespace", "SMSNotifications/" + stack_},
                                          {"Dimensions", Json::array({Json::array({"Function"})})},
                                          {"Metrics", std::move(metrics)}}})}};
  write_(line.dump());
}

}  // namespace postrider::adapters::aws::emf
