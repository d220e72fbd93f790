// A call to an AWS service, and the reply that ended it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "adapters/aws/client/settings.hpp"

namespace postrider::adapters::aws::client {

/// The permission to repeat a call after an ending that leaves open whether the call was done.
enum class Repeat : std::uint8_t {
  never,       // one try, whatever comes: SMS
  if_refused,  // only when it was certainly not done: a complete refusal, or no byte written
  safe,        // doing it twice does no harm
};

/// A request to a service, before it is signed.
struct Call {
  Service service;
  std::string target;        // X-Amz-Target; empty: none
  std::string content_type;  // "application/x-amz-json-1.0"
  std::string path = "/";    // behind the endpoint's own
  std::string body;
  Repeat repeat = Repeat::if_refused;
  std::string operation = {};     // "Publish", where the target does not name it
  bool leads_to_message = false;  // has to end as early as a call that reaches people
  /// No try begins then or later, by the client's clock; see also Client::stop_at().
  domain::TimePoint begin_before = domain::TimePoint::max();
};

/// The name of the operation, such as "GetItem".
std::string operation_of(const Call& call);

/// A complete answer with a status of 2xx.
struct Answer {
  std::string body;
  bool repeated = false;  // an earlier try may have been carried out
};

/// A complete answer that says no. With 5xx it is not certain that the call was not done.
struct Refusal {
  int status = 0;
  std::string code;     // "ConditionalCheckFailedException"
  std::string message;  // for operators; may hold what was sent
  std::string body;
  bool repeated = false;  // an earlier try may have been carried out
  bool may_be_done() const { return status >= 500 || repeated; }
};

/// The end of a call that had no complete answer.
struct NoReply {
  std::string code;       // "connect_failed", "timeout", "no_credentials" …
  bool not_done = false;  // certain: no try was ever written
};

using Reply = std::variant<Answer, Refusal, NoReply>;

/// A call that ended, as its observer gets it.
struct CallReport {
  Service service;
  std::string operation;
  domain::TimePoint began, ended;
  int tries = 0;
  int status = 0;  // of the last answer; 0: no answer came
  bool throttled = false;
};

/// True where a refusal passes by itself: throttling and overload.
bool is_throttle(const Refusal& refusal);

/// What of a request was out of date, so that the same call made anew may be taken: it was refused
/// before anything was done.
enum class Stale : std::uint8_t { nothing, clock, credentials };
Stale stale(const Refusal& refusal);

/// A refusal as tables of faults have it: "<status> <code> <mark>". The mark is "throttle" or
/// "stale" where the refusal is such a one, else `reason`, which may be empty.
std::string fault_key(const Refusal& refusal, std::string_view reason = {});
/// The end of a call without a reply in the same form: "none not_done" or "none open".
std::string fault_key(const NoReply& none);

/// Error `unavailable` for a reply that is no answer; it names service, operation and code.
domain::Error error_of(const Call& call, const Reply& reply);

}  // namespace postrider::adapters::aws::client
