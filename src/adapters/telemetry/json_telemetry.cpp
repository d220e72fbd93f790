#include "adapters/telemetry/json_telemetry.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <map>
#include <nlohmann/json.hpp>

#include "message/json/order_event_json.hpp"
#include "message/redact.hpp"

namespace postrider::adapters::telemetry {
namespace {

constexpr std::array<std::string_view, ports::counter_count> counter_help{
    "Order events stored as new notifications.",
    "Order events that had been stored before.",
    "Order events refused, nothing stored.",
    "Order events with a known dedupe_key and other content.",
    "SMS that the carrier accepted.",
    "SMS definitely refused by the carrier.",
    "SMS submissions without a definite answer.",
    "Answers of the carrier that asked to slow down.",
    "Parts of the SMS that the carrier accepted.",
    "Receipts that reported a delivery.",
    "Receipts that reported a failure.",
    "Receipts kept because no attempt had their message id.",
    "Deliveries reported after the notification had ended.",
    "E-mails accepted by the mail server.",
    "E-mails put back to be tried again.",
    "Notifications that became dead letters.",
    "Notifications deferred at intake.",
    "Notifications overtaken by a newer status of their order.",
    "Notifications to customers without phone and e-mail.",
    "Notifications that go by e-mail instead of SMS.",
    "Refusals and receipts that blame the shop's account with the carrier.",
    "Claims taken over from a worker that was gone.",
    "Money spent, in millionths of the currency unit.",
    "Messages that went by e-mail because the money of the month or day was used up.",
    "Messages that went by e-mail because the price of an SMS to their country is unknown.",
    "Receipts that named a higher price than was reserved.",
    "Messages that went by e-mail because too many SMS went to their number, prefix or country.",
    "Checks of the month's budget that found four fifths of it or more spent or reserved.",
    "Checks of the month's budget that found all of it spent or reserved.",
    "SMS that wait because the carrier could not be reached.",
    "E-mails that wait because the mail server took none.",
    "Receipts with a word that the table of their provider lacks.",
    "Receipts whose price was too far from the estimate to be booked.",
    "Notifications set aside because they could not be read or written."};

constexpr std::array<std::string_view, ports::timing_count> timing_help{
    "From the order to the carrier's acceptance of its SMS, in seconds.",
    "From the order to the delivery of its SMS, in seconds."};

// In seconds, from the time of a quick network to the longest time that a message waits for its
// SMS.
const prometheus::Histogram::BucketBoundaries latency_buckets{0.1, 0.25, 0.5, 1,   2.5,  5,    10,
                                                              30,  60,   300, 900, 3600, 43200};

constexpr spdlog::level::level_enum spdlog_level(ports::Level level) {
  switch (level) {
    case ports::Level::debug: return spdlog::level::debug;
    case ports::Level::info: return spdlog::level::info;
    case ports::Level::warning: return spdlog::level::warn;
    case ports::Level::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::shared_ptr<spdlog::logger> make_logger(const LogSettings& settings) {
  spdlog::sink_ptr sink;
  if (settings.file.empty())
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  else
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(settings.file);
  auto logger = std::make_shared<spdlog::logger>("postrider", std::move(sink));
  logger->set_pattern("%v");
  logger->set_level(spdlog_level(settings.min_level));
  logger->flush_on(spdlog::level::warn);
  return logger;
}

nlohmann::ordered_json json_of(const ports::FieldValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return message::redact(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  return domain::to_string(std::get<domain::NotificationId>(value));
}

prometheus::ClientMetric metric_of(const Gauge& gauge) {
  prometheus::ClientMetric metric;
  metric.gauge.value = gauge.value;
  if (!gauge.label.empty()) metric.label.push_back({gauge.label, gauge.label_value});
  return metric;
}

void append_gauges(std::vector<prometheus::MetricFamily>& families,
                   const std::vector<Gauge>& gauges) {
  std::map<std::string, prometheus::MetricFamily> by_name;
  for (const Gauge& gauge : gauges) {
    auto& family = by_name[gauge.name];
    family.name = "postrider_" + gauge.name;
    family.help = gauge.help;
    family.type = prometheus::MetricType::Gauge;
    family.metric.push_back(metric_of(gauge));
  }
  for (auto& [name, family] : by_name) families.push_back(std::move(family));
}

}  // namespace

JsonTelemetry::JsonTelemetry(const LogSettings& settings, const ports::Clock& clock)
    : clock_{clock},
      logger_{make_logger(settings)},
      registry_{std::make_unique<prometheus::Registry>()} {
  for (std::size_t i = 0; i < ports::counter_count; ++i) {
    const auto name = ports::name(static_cast<ports::Counter>(i));
    counters_[i] = &prometheus::BuildCounter()
                        .Name("postrider_" + std::string{name} + "_total")
                        .Help(std::string{counter_help[i]})
                        .Register(*registry_)
                        .Add({});
  }
  for (std::size_t i = 0; i < ports::timing_count; ++i) {
    const auto name = ports::name(static_cast<ports::Timing>(i));
    histograms_[i] = &prometheus::BuildHistogram()
                          .Name("postrider_" + std::string{name} + "_seconds")
                          .Help(std::string{timing_help[i]})
                          .Register(*registry_)
                          .Add({}, latency_buckets);
  }
}

JsonTelemetry::~JsonTelemetry() { logger_->flush(); }

void JsonTelemetry::count(ports::Counter counter, std::int64_t n) {
  if (n > 0) counters_[static_cast<std::size_t>(counter)]->Increment(static_cast<double>(n));
}

void JsonTelemetry::took(ports::Timing timing, domain::Milliseconds duration) {
  const std::chrono::duration<double> seconds = std::max(duration, domain::Milliseconds{0});
  histograms_[static_cast<std::size_t>(timing)]->Observe(seconds.count());
}

void JsonTelemetry::log(ports::Level level, std::string_view event,
                        std::initializer_list<std::pair<ports::Field, ports::FieldValue>> fields) {
  const auto threshold = spdlog_level(level);
  if (!logger_->should_log(threshold)) return;
  nlohmann::ordered_json line;
  line["ts"] = message::format_timestamp(clock_.now());
  line["level"] = ports::name(level);
  line["event"] = message::redact(event);
  for (const auto& [field, value] : fields) line[std::string{ports::name(field)}] = json_of(value);
  using Json = nlohmann::ordered_json;
  logger_->log(threshold, line.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void JsonTelemetry::add_gauges(GaugeSource source) {
  const concurrency::Lock lock{mutex_};
  sources_.push_back(std::move(source));
}

std::string JsonTelemetry::metrics() const {
  std::vector<GaugeSource> sources;
  {
    const concurrency::Lock lock{mutex_};
    sources = sources_;  // a copy, because a source may block and must not be called under the lock
  }
  std::vector<Gauge> gauges;
  for (const auto& source : sources)
    for (auto& gauge : source()) gauges.push_back(std::move(gauge));
  auto families = registry_->Collect();
  append_gauges(families, gauges);
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace postrider::adapters::telemetry
