#include "adapters/aws/sqs/work_queue.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "domain/delivery/receipt_limits.hpp"

namespace postrider::adapters::aws::sqs {
namespace {

using Json = nlohmann::json;
using Item = ports::WorkQueue::Item;

constexpr std::size_t max_entries = 10;
constexpr std::chrono::seconds longest_delay{900};
constexpr int version = 1;  // of the message's format
constexpr std::string_view high = "high";

/// The delay in whole seconds, so that the item is due when the message comes.
std::chrono::seconds delay_of(const Item& item, domain::TimePoint now) {
  return std::max(std::chrono::ceil<std::chrono::seconds>(item.due_at - now),
                  std::chrono::seconds{0});
}

}  // namespace

std::string work_message(const Item& item) {
  Json json{{"v", version},
            {"notification_id", domain::to_string(item.id)},
            {"channel", domain::name(item.channel)},
            {"segments", item.segments}};
  if (item.priority == domain::Priority::high) json["priority"] = high;
  if (item.sweeper_at) json["sweeper_at"] = domain::to_unix_ms(*item.sweeper_at);
  return json.dump();
}

std::variant<Item, message::FieldError> parse_work_message(std::string_view body) {
  const auto json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return message::FieldError{"invalid_json", "", "a message of Postrider"};
  const auto v = json.value("v", Json{});
  if (v != version)
    return message::FieldError{"unknown_version", "/v", "written by another version of Postrider"};
  Item item;
  const auto id = json.value("notification_id", Json{});
  const auto parsed = id.is_string() ? domain::parse_notification_id(id.get<std::string>())
                                     : std::optional<domain::NotificationId>{};
  if (!parsed) return message::FieldError{"invalid_value", "/notification_id", "a UUID"};
  item.id = *parsed;
  const auto segments = json.value("segments", Json(1));
  const bool plausible = segments.is_number_integer() && segments.get<std::int64_t>() >= 0 &&
                         segments.get<std::int64_t>() <= domain::max_segments;
  if (!plausible) return message::FieldError{"invalid_value", "/segments", "from 0 to 255"};
  item.segments = segments.get<int>();
  if (json.value("channel", Json{}) == domain::name(domain::Channel::email))
    item.channel = domain::Channel::email;
  if (json.value("priority", Json{}) == high) item.priority = domain::Priority::high;
  if (const auto at = json.find("sweeper_at"); at != json.end()) {
    if (!at->is_number_integer())
      return message::FieldError{"invalid_value", "/sweeper_at", "milliseconds since 1970"};
    item.sweeper_at = domain::from_unix_ms(at->get<std::int64_t>());
  }
  return item;
}

void SqsWorkQueue::offer(std::span<const Item> items) {
  const auto now = clock_.now();
  std::map<std::string, std::vector<Json>> entries;  // by queue
  for (auto item : items) {
    const auto delay = delay_of(item, now);
    if (delay > longest_delay) continue;
    const bool high = item.priority == domain::Priority::high;
    const auto& url = item.channel == domain::Channel::email ? urls_.email
                      : high                                 ? urls_.sms_high
                                                             : urls_.sms;
    if (!item.sweeper_at) item.sweeper_at = std::max(item.due_at, now) + requeue_after_;
    Json entry{{"MessageBody", work_message(item)}, {"DelaySeconds", delay.count()}};
    if (!trace_.empty())
      entry["MessageSystemAttributes"] = {
          {"AWSTraceHeader", {{"DataType", "String"}, {"StringValue", trace_}}}};
    entries[url].push_back(std::move(entry));
  }
  std::vector<client::Call> calls;
  for (auto& [url, of_queue] : entries)
    for (std::size_t i = 0; i < of_queue.size(); i += max_entries) {
      Json batch = Json::array();
      for (std::size_t k = i; k < std::min(of_queue.size(), i + max_entries); ++k) {
        of_queue[k]["Id"] = std::to_string(k);
        batch.push_back(std::move(of_queue[k]));
      }
      // A message twice does no harm: the claim decides.
      calls.push_back({client::sqs, "AmazonSQS.SendMessageBatch", "application/x-amz-json-1.0", "/",
                       Json{{"QueueUrl", url}, {"Entries", std::move(batch)}}.dump(),
                       client::Repeat::safe});
    }
  const auto replies = client_.call(calls);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const auto* answer = std::get_if<client::Answer>(&replies[i]);
    const auto body = answer == nullptr ? Json{} : Json::parse(answer->body, nullptr, false);
    const auto failed = body.is_object() ? body.value("Failed", Json::array()) : Json{};
    if (failed.is_array() && failed.empty()) continue;
    // The sweeper offers these items again.
    telemetry_.log(ports::Level::warning, "queue_failed",
                   {{ports::Field::code, client::error_of(calls[i], replies[i]).what}});
  }
}

}  // namespace postrider::adapters::aws::sqs
