// The directory of customers' preferences, opt-outs, and e-mail addresses that must not be used.
// Thread-safe. An Error of a change: nothing or a part of it was written; the same call again is
// safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/contact/customer.hpp"
#include "domain/contact/opt_in.hpp"
#include "domain/result.hpp"

namespace postrider::ports {

struct OptOut {
  std::string phone;     // E.164
  std::string source;    // "operator", "carrier", "inbound", "import"
  domain::TimePoint at;  // from when it is known; of a receipt: when its message was submitted
};

struct BlockedAddress {
  std::string email;   // as mail was sent to it, in lower case
  std::string reason;  // "bounce", "complaint"
  domain::TimePoint at;
};

class CustomerDirectory {
 public:
  virtual ~CustomerDirectory() = default;

  /// The customers of `ids`, in order; nullopt where the shop has no such customer.
  virtual domain::Result<std::vector<std::optional<domain::Customer>>> find(
      const std::string& shop, std::span<const std::string> ids) = 0;
  /// The customers of a shop, ordered by id, from after `cursor` (empty: the start). 1 ≤ limit ≤
  /// 1000.
  virtual domain::Result<std::vector<domain::Customer>> list(const std::string& shop, int limit,
                                                             const std::string& cursor) = 0;
  /// Inserts or replaces customers. Durable when it returns.
  virtual domain::Result<domain::Done> put(const std::string& shop,
                                           std::span<const domain::Customer> customers,
                                           domain::TimePoint now) = 0;
  /// Erases a customer; false where there was none. Opt-outs stay.
  virtual domain::Result<bool> erase(const std::string& shop, const std::string& id) = 0;

  /// Opts numbers out: from now on no SMS is claimed for them, also by claims that are under way.
  /// One that a later opt-in of the number has lifted (domain::is_lifted()) changes nothing.
  virtual domain::Result<domain::Done> opt_out(std::span<const OptOut> numbers) = 0;
  /// Lifts an opt-out, and keeps `now` as the number's opt-in; false where the number was not opted
  /// out.
  virtual domain::Result<bool> opt_in(const std::string& phone, domain::TimePoint now) = 0;
  /// True for each of `phones` (E.164, in order) that is opted out.
  virtual domain::Result<std::vector<bool>> opted_out(std::span<const std::string> phones) = 0;
  /// The opt-outs, ordered by phone, from after `cursor` (empty: the start). 1 ≤ limit ≤ 1000.
  virtual domain::Result<std::vector<OptOut>> list_opt_outs(int limit,
                                                            const std::string& cursor) = 0;

  /// Blocks addresses: no mail is claimed for them. A complaint replaces a bounce.
  virtual domain::Result<domain::Done> block(std::span<const BlockedAddress> addresses) = 0;
  /// Unblocks an address that bounced; one that complained stays blocked. False where there was no
  /// bounce to lift.
  virtual domain::Result<bool> unblock_bounced(const std::string& email) = 0;
};

}  // namespace postrider::ports
