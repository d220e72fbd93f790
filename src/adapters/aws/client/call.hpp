// A call to an AWS service and how it ended.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "adapters/aws/client/settings.hpp"

namespace postrider::adapters::aws::client {

/// Whether a call may be made again after an ending that does not say that it was not done.
enum class Repeat : std::uint8_t {
  never,       // one try, whatever comes: SMS
  if_refused,  // only when it was certainly not done: a complete refusal, or no byte written
  safe,        // doing it twice does no harm
};

struct Call {
  Service service;
  std::string target;        // X-Amz-Target; empty: none
  std::string content_type;  // "application/x-amz-json-1.0"
  std::string path = "/";    // behind the endpoint's own
  std::string body;
  Repeat repeat = Repeat::if_refused;
  std::string operation = {};     // "Publish", where the target does not name it
  bool leads_to_message = false;  // has to end as early as what reaches people
};

/// "GetItem".
std::string operation_of(const Call& call);

/// 2xx.
struct Answer {
  std::string body;
  bool repeated = false;  // an earlier try may have been carried out
};

/// A complete answer that says no. 5xx too: whether it was done is then not certain.
struct Refusal {
  int status = 0;
  std::string code;     // "ConditionalCheckFailedException"
  std::string message;  // for operators; may hold what was sent
  std::string body;
  bool repeated = false;  // an earlier try may have been carried out
  bool may_be_done() const { return status >= 500 || repeated; }
};

struct NoReply {
  std::string code;       // "connect_failed", "timeout", "no_credentials" …
  bool not_done = false;  // certain: no try was ever written
};

using Reply = std::variant<Answer, Refusal, NoReply>;

/// What an observer is told of a call.
struct CallReport {
  Service service;
  std::string operation;
  domain::TimePoint began, ended;
  int tries = 0;
  int status = 0;  // of the last answer; 0: there was none
  bool throttled = false;
};

/// True for refusals that pass by themselves: throttling and overload.
bool is_throttle(const Refusal& refusal);

/// Error `unavailable` for a reply that is no answer; it names service, operation and code.
domain::Error error_of(const Call& call, const Reply& reply);

}  // namespace postrider::adapters::aws::client
