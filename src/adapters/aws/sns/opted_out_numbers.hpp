// SNS's own list of numbers that opted out: account-wide, a hundred a page, at most ten pages a
// second. Thread-safe; pure but for list_opted_out().
#pragma once

#include "adapters/aws/client/client.hpp"
#include "ports/carrier_opt_outs.hpp"

namespace postrider::adapters::aws::sns {

/// The page in a ListPhoneNumbersOptedOutResponse.
ports::OptOutPage parse_opted_out(std::string_view xml);

/// Calls ListPhoneNumbersOptedOut. `token`: `next` of the page before; empty: the first page. An
/// Error `unavailable`: SNS gave no answer, or refused.
domain::Result<ports::OptOutPage> list_opted_out(client::Client& client, const std::string& token);

}  // namespace postrider::adapters::aws::sns
