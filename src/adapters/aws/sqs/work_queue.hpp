// WorkQueue on SQS: one message a notification, ten a request, to one of three queues. What has to
// wait longer than SQS can is left to the sweeper, and so is what could not be sent. Thread-safe.
#pragma once

#include <atomic>
#include <string>
#include <variant>

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
  /// All outlive it. `requeue_after`: so long after an item is due the sweeper looks after it.
  SqsWorkQueue(client::Client& client, ports::Clock& clock, ports::Telemetry& telemetry,
               QueueUrls urls, domain::Milliseconds requeue_after)
      : client_{client},
        clock_{clock},
        telemetry_{telemetry},
        urls_{std::move(urls)},
        requeue_after_{requeue_after} {}

  void offer(std::span<const Item> items) override;
  /// X-Amzn-Trace-Id of what goes on now; travels with the messages. Call between offers only.
  void set_trace(std::string header) { trace_ = std::move(header); }

 private:
  client::Client& client_;
  ports::Clock& clock_;
  ports::Telemetry& telemetry_;
  QueueUrls urls_;
  const domain::Milliseconds requeue_after_;
  std::string trace_;
};

/// The body of a message, and back; when it is due is not in it.
std::string work_message(const ports::WorkQueue::Item& item);
std::variant<ports::WorkQueue::Item, message::FieldError> parse_work_message(std::string_view body);

}  // namespace postrider::adapters::aws::sqs
