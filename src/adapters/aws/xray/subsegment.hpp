// What X-Ray is told of a call to AWS. Source: "AWS X-Ray segment documents" and "Sending trace
// data to X-Ray", developer guide, as of 24 November 2026. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/aws/client/call.hpp"

namespace postrider::adapters::aws::xray {

/// The trace that an invocation belongs to: "Root=1-5bef4de7-…;Parent=9a9197af755a6419;Sampled=1".
struct Trace {
  std::string root;    // "1-" eight and "-" 24 hexadecimal digits
  std::string parent;  // 16 hexadecimal digits: the function's own segment
};

/// nullopt where the header is none, or says that this trace is not wanted.
std::optional<Trace> parse_trace(std::string_view header);

/// JSON for X-Ray's daemon. `id`: 16 hexadecimal digits, of this call alone. Holds the service, the
/// operation, times and how it ended; nothing of what was sent.
std::string subsegment(const Trace& trace, std::string_view id, std::string_view region,
                       const client::CallReport& report);

}  // namespace postrider::adapters::aws::xray
