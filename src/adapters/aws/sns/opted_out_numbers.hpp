// SNS's own list of numbers that opted out: account-wide, a hundred a page, at most ten pages a
// second. Pure but for list_opted_out().
#pragma once

#include <string>
#include <vector>

#include "adapters/aws/client/client.hpp"

namespace postrider::adapters::aws::sns {

struct OptedOutPage {
  std::vector<std::string> numbers;  // E.164
  std::string next;                  // empty: this was the last
};

OptedOutPage parse_opted_out(std::string_view xml);

/// ListPhoneNumbersOptedOut. `token`: `next` of the page before; empty: the first.
domain::Result<OptedOutPage> list_opted_out(client::Client& client, const std::string& token);

}  // namespace postrider::adapters::aws::sns
