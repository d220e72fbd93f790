// WorkQueue on SQS: one message a notification, ten a request, to one of three queues. Thread-safe.
// Messages that SQS did not take are sent a few times; those that it never took, and items that
// have to wait longer than it can, are left to the sweeper.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "adapters/aws/client/client.hpp"
#include "message/json/order_event_json.hpp"
#include "ports/telemetry.hpp"
#include "ports/work_queue.hpp"

namespace postrider::adapters::aws::sqs {

struct QueueUrls {
  std::string sms;       // NOTIFICATION_QUEUE_URL
  std::string sms_high;  // HIGH_PRIORITY_QUEUE_URL
  std::string email;     // EMAIL_QUEUE_URL
};

class SqsWorkQueue final : public ports::WorkQueue {
 public:
  /// The references outlive it. `requeue_after`: the time after which the sweeper offers a due item
  /// again.
  SqsWorkQueue(client::Client& client, ports::Clock& clock, ports::Telemetry& telemetry,
               QueueUrls urls, domain::Milliseconds requeue_after)
      : client_{client},
        clock_{clock},
        telemetry_{telemetry},
        urls_{std::move(urls)},
        requeue_after_{requeue_after} {}

  void offer(std::span<const Item> items) override;
  /// Sets the X-Amzn-Trace-Id of the invocation under way, which travels with its messages. Call
  /// between offers only.
  void set_trace(std::string header) { trace_ = std::move(header); }

 private:
  /// Messages to one queue.
  struct Batch {
    std::string url;
    std::vector<nlohmann::json> entries;
  };
  /// The items that could not be sent, and why the first of them could not.
  struct Losses {
    std::int64_t items = 0;
    std::string code;
    void add(std::size_t count, std::string why);
  };
  std::vector<Batch> send(std::vector<Batch>& batches, bool again, Losses& lost);

  client::Client& client_;
  ports::Clock& clock_;
  ports::Telemetry& telemetry_;
  QueueUrls urls_;
  const domain::Milliseconds requeue_after_;
  std::string trace_;
};

/// The body of a message, and back; the due time is not in it.
std::string work_message(const ports::WorkQueue::Item& item);
std::variant<ports::WorkQueue::Item, message::FieldError> parse_work_message(std::string_view body);

}  // namespace postrider::adapters::aws::sqs
