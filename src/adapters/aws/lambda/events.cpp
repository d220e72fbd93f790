#include "adapters/aws/lambda/events.hpp"
#include "adapters/aws/client/text.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace postrider::adapters::aws::lambda {
namespace {

using client::member;
using client::text_in;
using Json = nlohmann::json;
using message::FieldError;
using Messages = std::variant<std::vector<std::string>, FieldError>;

int number_in(const std::string& digits, int otherwise) {
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc{} && end == digits.data() + digits.size() ? number : otherwise;
}

std::optional<std::string> from_base64(const std::string& text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string octets(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  for (std::size_t i = 1; i <= 2 && text[text.size() - i] == '='; ++i) octets.pop_back();
  return octets;
}

/// The inflated data; data larger than `max_inflated` is not read to its end, because a small file
/// can inflate to any size.
std::variant<std::string, FieldError> inflate_gzip(const std::string& octets) {
  z_stream stream{};
  constexpr int gzip_or_zlib = 15 + 32;
  if (inflateInit2(&stream, gzip_or_zlib) != Z_OK)
    return FieldError{"internal", "/awslogs/data", "memory"};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
  stream.avail_in = static_cast<uInt>(octets.size());
  std::string inflated;
  std::array<char, 64 * 1024> chunk;
  int status = Z_OK;
  while (status == Z_OK && inflated.size() <= max_inflated) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    status = inflate(&stream, Z_NO_FLUSH);
    inflated.append(chunk.data(), chunk.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (inflated.size() > max_inflated)
    return FieldError{"too_long", "/awslogs/data", "at most 16 MiB when inflated"};
  if (status != Z_STREAM_END)
    return FieldError{"invalid_value", "/awslogs/data", "a whole gzip stream"};
  return inflated;
}

Messages log_messages(const Json& awslogs) {
  const auto octets = from_base64(text_in(awslogs, "data"));
  if (!octets) return FieldError{"invalid_value", "/awslogs/data", "base64"};
  auto inflated = inflate_gzip(*octets);
  if (auto* error = std::get_if<FieldError>(&inflated)) return std::move(*error);
  const auto logs = Json::parse(std::get<std::string>(inflated), nullptr, false);
  if (!logs.is_object()) return FieldError{"invalid_json", "/awslogs/data", "an object"};
  std::vector<std::string> messages;
  if (text_in(logs, "messageType") == "CONTROL_MESSAGE") return messages;
  const auto& events = member(logs, "logEvents");
  if (!events.is_array()) return FieldError{"missing_field", "/awslogs/data", "logEvents"};
  for (const auto& event : events) messages.push_back(text_in(event, "message"));
  return messages;
}

}  // namespace

std::optional<std::vector<SqsRecord>> parse_sqs_event(std::string_view event) {
  const auto json = Json::parse(event, nullptr, false);
  const auto& records = member(json, "Records");
  if (!records.is_array() || records.empty()) return std::nullopt;
  std::vector<SqsRecord> batch;
  for (const auto& record : records) {
    if (text_in(record, "eventSource") != "aws:sqs") return std::nullopt;
    const auto& attributes = member(record, "attributes");
    const auto arn = text_in(record, "eventSourceARN");
    batch.push_back({text_in(record, "messageId"), text_in(record, "body"),
                     number_in(text_in(attributes, "ApproximateReceiveCount"), 1),
                     arn.substr(arn.rfind(':') + 1)});
  }
  return batch;
}

std::string batch_failures(const std::vector<std::string>& message_ids) {
  Json failures = Json::array();
  for (const auto& id : message_ids) failures.push_back({{"itemIdentifier", id}});
  return Json{{"batchItemFailures", std::move(failures)}}.dump();
}

std::optional<std::string> parse_event_detail(std::string_view event) {
  const auto json = Json::parse(event, nullptr, false);
  const auto& detail = member(json, "detail");
  if (!member(json, "detail-type").is_string() || !detail.is_object()) return std::nullopt;
  return detail.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Messages parse_messages(std::string_view event) {
  const auto json = Json::parse(event, nullptr, false);
  if (const auto& awslogs = member(json, "awslogs"); awslogs.is_object())
    return log_messages(awslogs);
  if (auto detail = parse_event_detail(event)) return std::vector{std::move(*detail)};
  const auto& records = member(json, "Records");
  if (!records.is_array() || records.empty())
    return FieldError{"invalid_value", "", "an event of CloudWatch Logs, SNS or EventBridge"};
  std::vector<std::string> messages;
  for (const auto& record : records) {
    const auto& sns = member(record, "Sns");
    if (!sns.is_object()) return FieldError{"invalid_value", "/Records", "messages of SNS"};
    messages.push_back(text_in(sns, "Message"));
  }
  return messages;
}

}  // namespace postrider::adapters::aws::lambda
