// The state that the memory adapters share: the whole store in maps, for tests. One mutex guards
// all of it. Claims, money, limits, shares of due work and newer statuses follow the domain's
// rules; what a store does by itself (order of lists, matching, expiry) is written in its simplest
// form, to compare the real stores with.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "concurrency/mutex.hpp"
#include "domain/contact/customer.hpp"
#include "domain/delivery/chain.hpp"
#include "domain/limits/velocity.hpp"
#include "domain/notification.hpp"
#include "domain/result.hpp"
#include "ports/allowance.hpp"
#include "ports/audit_log.hpp"
#include "ports/cost_book.hpp"
#include "ports/customer_directory.hpp"

namespace postrider::doubles {

struct MemoryWorld {
  struct Row {
    domain::Notification notification;
    std::int64_t seq = 0;  // order of intake
    std::vector<domain::HistoryEntry> history;
    std::map<int, domain::Attempt> attempts;  // by number
    /// The time at which the throttle counts the notification: when it passed, or will pass if it
    /// is deferred.
    std::optional<domain::TimePoint> released_at;
  };
  struct KeptReceipt {
    domain::Receipt receipt;
    domain::TimePoint kept_at;
  };

  mutable concurrency::Mutex mutex;
  std::map<domain::NotificationId, Row> rows GUARDED_BY(mutex);
  std::unordered_multimap<std::string, domain::NotificationId> ids_of_order GUARDED_BY(mutex);
  std::int64_t last_seq GUARDED_BY(mutex) = 0;
  std::vector<KeptReceipt> inbox GUARDED_BY(mutex);
  using CustomerKey = std::pair<std::string, std::string>;  // shop, id
  std::map<CustomerKey, domain::Customer> customers GUARDED_BY(mutex);
  std::map<std::string, ports::OptOut> opt_outs GUARDED_BY(mutex);         // by phone
  std::map<std::string, domain::TimePoint> opt_ins GUARDED_BY(mutex);      // by phone
  std::map<std::string, ports::BlockedAddress> blocked GUARDED_BY(mutex);  // by e-mail
  std::map<int, ports::BudgetStatus> budgets GUARDED_BY(mutex);            // by day
  struct SmsClaim {
    domain::TimePoint at;
    domain::VelocityScope scope;
    std::string subject;
  };
  std::vector<SmsClaim> sms_claims GUARDED_BY(mutex);      // of live mode, one a rule
  std::vector<ports::CostLine> archive GUARDED_BY(mutex);  // of expired notifications
  std::vector<ports::AuditEntry> audit GUARDED_BY(mutex);

  domain::ChainFacts chain_of(const domain::Notification& n, domain::TimePoint now) const
      REQUIRES(mutex) {
    domain::ChainFacts facts;
    const auto self = rows.find(n.id);
    if (self == rows.end()) return facts;
    const auto rank = [](const Row& row) {
      const auto& of = row.notification;
      return domain::rank_of(of.occurred_at, of.intake, row.seq, of.id);
    };
    const auto [first, last] = ids_of_order.equal_range(n.order_id);
    for (auto it = first; it != last; ++it) {
      const auto& row = rows.at(it->second);
      if (it->second != n.id && is_readable(it->second) &&
          domain::is_same_chain(row.notification, n))
        facts.add(rank(self->second), domain::member_of(row.notification, rank(row)), now);
    }
    return facts;
  }

  ports::BudgetStatus budget_of_month(int month) const REQUIRES(mutex) {
    ports::BudgetStatus sum;
    for (const auto& [day, budget] : budgets) {
      if (domain::month_of(day) != month) continue;
      sum.spent += budget.spent;
      sum.reserved += budget.reserved;
    }
    return sum;
  }

  /// The error of every write, while a test sets one.
  std::optional<domain::Error> write_failure GUARDED_BY(mutex);
  /// The error of every read, likewise.
  std::optional<domain::Error> read_failure GUARDED_BY(mutex);
  /// The rows that can't be read, likewise: stores with an index put them off.
  std::set<domain::NotificationId> unreadable GUARDED_BY(mutex);
  bool is_readable(const domain::NotificationId& id) const REQUIRES(mutex) {
    return unreadable.empty() || !unreadable.contains(id);
  }
  bool has_readable(const domain::NotificationId& id) const REQUIRES(mutex) {
    return rows.contains(id) && is_readable(id);
  }
  /// The rows that can't be written, likewise.
  std::set<domain::NotificationId> unwritable GUARDED_BY(mutex);
  /// The one call that fails, likewise: "due deferred", "expire" …
  std::string failing_call GUARDED_BY(mutex);
  std::optional<domain::Error> failure_of(const std::string& call) const REQUIRES(mutex) {
    if (call != failing_call) return std::nullopt;
    return domain::Error{domain::ErrorKind::unavailable, call};
  }
};

}  // namespace postrider::doubles
