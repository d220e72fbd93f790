// A home: one implementation of the storage ports. Every contract suite runs over each home. For
// one thread, unless a test says otherwise.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "doubles/recording_telemetry.hpp"
#include "ports/allowance.hpp"
#include "ports/audit_log.hpp"
#include "ports/cost_book.hpp"
#include "ports/customer_directory.hpp"
#include "ports/line_hold.hpp"
#include "ports/notification_query.hpp"
#include "ports/notification_store.hpp"
#include "ports/receipt_inbox.hpp"

namespace postrider::contract {

class Home {
 public:
  virtual ~Home() = default;
  virtual ports::NotificationStore& store() = 0;
  virtual ports::NotificationQuery& query() = 0;
  virtual ports::ReceiptInbox& inbox() = 0;
  virtual ports::CustomerDirectory& customers() = 0;
  virtual ports::AuditLog& audit() = 0;
  virtual ports::CostBook& costs() = 0;
  /// True where the store deletes ended notifications by itself, instead of in expire(). Then
  /// forget_before() lets so much time pass that notifications of before `horizon` are over their
  /// own.
  virtual bool forgets_by_itself() const { return false; }
  virtual void forget_before(domain::TimePoint) {}
  /// Sets the time of a store that deletes by itself.
  virtual void pass_to(domain::TimePoint) {}
  /// Makes a stored notification unreadable.
  virtual void spoil(const domain::NotificationId& id) = 0;
  /// Makes each further write of a stored notification fail.
  virtual void block(const domain::NotificationId& id) = 0;
  /// What the store counted and logged; null where it tells nothing.
  virtual doubles::RecordingTelemetry* telemetry() { return nullptr; }
  /// One more worker's view of the shared breaker; null where there is only one process.
  virtual std::unique_ptr<ports::LineHold> line_hold() { return nullptr; }
  /// A new rate limiter over the same money.
  virtual std::unique_ptr<ports::Allowance> allowance(int parts_per_second) = 0;
};

struct HomeKind {
  const char* name;
  std::function<std::unique_ptr<Home>()> make;  // an empty one

  friend std::ostream& operator<<(std::ostream& out, const HomeKind& kind) {
    return out << kind.name;
  }
};

std::vector<HomeKind> homes();

/// A fixture that gives each test of a suite an empty home of each kind.
class Contract : public testing::TestWithParam<HomeKind> {
 protected:
  Contract() : home_{GetParam().make()} {}

  ports::NotificationStore& store() { return home_->store(); }
  ports::NotificationQuery& query() { return home_->query(); }

  std::unique_ptr<Home> home_;
};

inline std::string home_name(const testing::TestParamInfo<HomeKind>& info) {
  return info.param.name;
}

#define POSTRIDER_IN_EVERY_HOME(suite) \
  INSTANTIATE_TEST_SUITE_P(In, suite, testing::ValuesIn(homes()), home_name)

}  // namespace postrider::contract
