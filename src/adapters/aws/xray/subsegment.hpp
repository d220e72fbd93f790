// The subsegment that X-Ray gets for a call to AWS. Pure. Source: "AWS X-Ray segment documents" and
// "Sending trace data to X-Ray", developer guide, as of 24 November 2026.
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

/// The trace in a header; nullopt where there is none, or where the header says that this trace is
/// not wanted.
std::optional<Trace> parse_trace(std::string_view header);

/// The subsegment as JSON for X-Ray's daemon. `id`: 16 hexadecimal digits, of this call alone.
/// Holds the service, the operation, times and the kind of end; nothing of the call's content.
std::string subsegment(const Trace& trace, std::string_view id, std::string_view region,
                       const client::CallReport& report);

}  // namespace postrider::adapters::aws::xray
