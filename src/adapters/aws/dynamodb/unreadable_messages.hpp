// What no function could read: a queue drops it after so many receives, and its dead-letter queue
// after two weeks. Thread-safe.
#pragma once

#include <string>

#include "adapters/aws/dynamodb/database/database.hpp"

namespace postrider::adapters::aws::dynamodb {

struct UnreadableMessage {
  std::string queue;
  std::string message_id;
  std::string body;  // a personal matter, like the notifications
  std::string code;  // what is wrong with it, and where
  std::string pointer;
};

class UnreadableMessages {
 public:
  explicit UnreadableMessages(Database& database) : database_{database} {}

  /// Kept as long as notifications, in the guard table under "unreadable#<month>". The same message
  /// again changes nothing. Of a body that an item can't hold, the beginning is kept.
  domain::Result<domain::Done> keep(const UnreadableMessage& message);

 private:
  Database& database_;
};

}  // namespace postrider::adapters::aws::dynamodb
