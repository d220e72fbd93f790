// Messages that no function could read. Thread-safe. They are kept here, because a queue drops them
// after so many receives, and its dead-letter queue after two weeks.
#pragma once

#include <string>

#include "adapters/aws/dynamodb/database/database.hpp"

namespace postrider::adapters::aws::dynamodb {

struct UnreadableMessage {
  std::string queue;
  std::string message_id;
  std::string body;  // personal data, like the notifications
  std::string code;  // the error and its place
  std::string pointer;
};

class UnreadableMessages {
 public:
  /// `database` outlives it.
  explicit UnreadableMessages(Database& database) : database_{database} {}

  /// Keeps a message as long as notifications, in the guard table under "unreadable#<month>". The
  /// same message again changes nothing. Of a body that an item can't hold, the beginning is kept.
  domain::Result<domain::Done> keep(const UnreadableMessage& message);

 private:
  Database& database_;
};

}  // namespace postrider::adapters::aws::dynamodb
