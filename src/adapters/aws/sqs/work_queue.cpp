#include "adapters/aws/sqs/work_queue.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "domain/delivery/receipt_limits.hpp"

namespace postrider::adapters::aws::sqs {
namespace {

using Json = nlohmann::json;
using Item = ports::WorkQueue::Item;

constexpr std::size_t max_entries = 10;
constexpr std::chrono::seconds longest_delay{900};
// An entry of a batch that SQS did not take is sent so often, after pauses that grow: a function
// has its seconds for all its batches.
constexpr int batch_tries = 4;
constexpr std::chrono::milliseconds first_pause{50};
constexpr int version = 1;  // of the message's format
constexpr std::string_view high = "high";

/// The delay in whole seconds, so that the item is due when the message comes.
std::chrono::seconds delay_of(const Item& item, domain::TimePoint now) {
  return std::max(std::chrono::ceil<std::chrono::seconds>(item.due_at - now),
                  std::chrono::seconds{0});
}

/// Why SQS did not take an entry.
struct Failure {
  std::string code;
  bool ours = false;  // sent again it would fail again
};

/// The entries of a batch that SQS did not take, by id; nullopt where the reply does not say.
std::optional<std::map<std::string, Failure>> failures_of(const client::Reply& reply) {
  const auto* answer = std::get_if<client::Answer>(&reply);
  const auto body = answer == nullptr ? Json{} : Json::parse(answer->body, nullptr, false);
  const auto failed = body.is_object() ? body.value("Failed", Json::array()) : Json{};
  if (!failed.is_array()) return std::nullopt;
  std::map<std::string, Failure> failures;
  for (const auto& entry : failed) {
    const auto id = entry.is_object() ? entry.value("Id", Json{}) : Json{};
    if (!id.is_string()) return std::nullopt;
    const auto code = entry.value("Code", Json{});
    failures[id.get<std::string>()] = {
        "sqs SendMessageBatch " + (code.is_string() ? code.get<std::string>() : "failed"),
        entry.value("SenderFault", Json{}) == true};
  }
  return failures;
}

}  // namespace

void SqsWorkQueue::Losses::add(std::size_t count, std::string why) {
  items += static_cast<std::int64_t>(count);
  if (code.empty()) code = std::move(why);
}

std::string work_message(const Item& item) {
  Json json{{"v", version},
            {"notification_id", domain::to_string(item.id)},
            {"channel", domain::name(item.channel)},
            {"segments", item.segments}};
  if (item.priority == domain::Priority::high) json["priority"] = high;
  if (item.sweeper_at) json["sweeper_at"] = domain::to_unix_ms(*item.sweeper_at);
  if (item.refused_by_rate) json["refused_by_rate"] = true;
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
  item.refused_by_rate = json.value("refused_by_rate", Json{}) == true;
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
  std::vector<Batch> batches;
  for (auto& [url, of_queue] : entries)
    for (std::size_t i = 0; i < of_queue.size(); i += max_entries) {
      Batch batch{url, {}};
      for (std::size_t k = i; k < std::min(of_queue.size(), i + max_entries); ++k) {
        of_queue[k]["Id"] = std::to_string(k);
        batch.entries.push_back(std::move(of_queue[k]));
      }
      batches.push_back(std::move(batch));
    }
  Losses lost;
  for (int round = 1; !batches.empty(); ++round) {
    batches = send(batches, round < batch_tries, lost);
    if (!batches.empty()) std::this_thread::sleep_for(first_pause * round);
  }
  if (lost.items == 0) return;
  // The sweeper offers these items again.
  telemetry_.log(ports::Level::warning, "queue_failed",
                 {{ports::Field::code, lost.code}, {ports::Field::count, lost.items}});
}

/// Sends the batches. Returns what of them may be sent again: the entries that SQS could not take,
/// through no fault of ours. The others that failed are `lost`, and where not `again` all are.
std::vector<SqsWorkQueue::Batch> SqsWorkQueue::send(std::vector<Batch>& batches, bool again,
                                                    Losses& lost) {
  std::vector<client::Call> calls;
  for (const auto& batch : batches)
    // A message twice does no harm: the claim decides.
    calls.push_back({client::sqs, "AmazonSQS.SendMessageBatch", "application/x-amz-json-1.0", "/",
                     Json{{"QueueUrl", batch.url}, {"Entries", batch.entries}}.dump(),
                     client::Repeat::safe});
  const auto replies = client_.call(calls);
  std::vector<Batch> left;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const auto failures = failures_of(replies[i]);
    if (!failures) {  // the client has tried it several times
      lost.add(batches[i].entries.size(), client::error_of(calls[i], replies[i]).what);
      continue;
    }
    Batch rest{batches[i].url, {}};
    for (auto& entry : batches[i].entries) {
      const auto failure = failures->find(entry.at("Id").get<std::string>());
      if (failure == failures->end()) continue;
      if (again && !failure->second.ours) {
        rest.entries.push_back(std::move(entry));
      } else {
        lost.add(1, failure->second.code);
      }
    }
    if (!rest.entries.empty()) left.push_back(std::move(rest));
  }
  return left;
}

}  // namespace postrider::adapters::aws::sqs
