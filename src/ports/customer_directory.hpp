// Customers' preferences, opt-outs and addresses that must not be used. Thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/customer.hpp"
#include "domain/result.hpp"

namespace postrider::ports {

struct OptOut {
  std::string phone;   // E.164
  std::string source;  // "operator", "carrier", "inbound", "import"
  domain::TimePoint at;
};

struct BlockedAddress {
  std::string email;   // as sent to, lower case
  std::string reason;  // "bounce", "complaint"
  domain::TimePoint at;
};

class CustomerDirectory {
 public:
  virtual ~CustomerDirectory() = default;

  /// nullopt where the shop has no such customer.
  virtual domain::Result<std::vector<std::optional<domain::Customer>>> find(
      const std::string& shop, std::span<const std::string> ids) = 0;
  /// Ordered by id, from after `cursor` (empty: the start). 1 ≤ limit ≤ 1000.
  virtual domain::Result<std::vector<domain::Customer>> list(const std::string& shop, int limit,
                                                             const std::string& cursor) = 0;
  /// Inserts or replaces. Durable when it returns.
  virtual domain::Result<domain::Done> put(const std::string& shop,
                                           std::span<const domain::Customer> customers,
                                           domain::TimePoint now) = 0;
  /// False when there was none. Opt-outs stay.
  virtual domain::Result<bool> erase(const std::string& shop, const std::string& id) = 0;

  /// From now on no SMS is claimed for these numbers (also by claims that are under way).
  virtual domain::Result<domain::Done> opt_out(std::span<const OptOut> numbers) = 0;
  /// False when the number was not opted out.
  virtual domain::Result<bool> opt_in(const std::string& phone) = 0;
  virtual domain::Result<std::vector<bool>> opted_out(std::span<const std::string> phones) = 0;
  /// Ordered by phone, from after `cursor` (empty: the start). 1 ≤ limit ≤ 1000.
  virtual domain::Result<std::vector<OptOut>> list_opt_outs(int limit,
                                                            const std::string& cursor) = 0;

  virtual domain::Result<domain::Done> block(std::span<const BlockedAddress> addresses) = 0;
  /// Lets an address that bounced be tried again; one that complained stays blocked. False where
  /// there was nothing to lift.
  virtual domain::Result<bool> unblock_bounced(const std::string& email) = 0;
};

}  // namespace postrider::ports
