// The keys of what is stored of people: preferences, opt-outs, blocked addresses. Pure.
#pragma once

#include <algorithm>
#include <string>

#include "adapters/aws/dynamodb/tables.hpp"
#include "message/text/ascii.hpp"

namespace postrider::adapters::aws::dynamodb {

inline const std::string default_shop = "default";
inline constexpr char shop_separator = '\x1f';

/// The key of a customer. A stack has one shop in most cases, and its scripts write the table too:
/// so the id stands alone for the shop "default", and behind the shop's name for other shops
/// (control characters are refused in both).
inline Json customer_key(const std::string& shop, const std::string& id) {
  return {{"customer_id", text(shop == default_shop ? id : shop + shop_separator + id)}};
}

inline constexpr int opt_out_shards = 16;
inline std::string opt_out_pk(int shard) { return "optout#" + std::to_string(shard); }

/// A number's shard, by its last digits, which are the most even ones.
inline int opt_out_shard(const std::string& phone) {
  int sum = 0;
  for (const char c : phone.substr(phone.size() - std::min<std::size_t>(phone.size(), 4)))
    sum = sum * 7 + c;
  return sum % opt_out_shards;
}

/// The key of an opt-out.
inline Json opt_out_key(const std::string& phone) {
  return guard_key(opt_out_pk(opt_out_shard(phone)), phone.empty() ? "-" : phone);
}

/// The key of a number's last opt-in.
inline Json opt_in_key(const std::string& phone) {
  return guard_key("optin#" + std::to_string(opt_out_shard(phone)), phone.empty() ? "-" : phone);
}

inline Json blocked_key(const std::string& email) {
  return guard_key("blocked#" + message::lower(email), "-");
}

}  // namespace postrider::adapters::aws::dynamodb
