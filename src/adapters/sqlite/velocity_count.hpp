// Counts of the SMS that went to a number, a block of numbers and a country in the last hour,
// within one transaction: read once, added up in memory, written once. The limits are the domain's
// (domain/limits/velocity.hpp).
#pragma once

#include <map>
#include <span>
#include <string>

#include "adapters/sqlite/database/connection.hpp"
#include "domain/limits/velocity.hpp"

namespace postrider::adapters::sqlite {

class VelocityCount {
 public:
  explicit VelocityCount(Connection& writer) : writer_{writer} {}

  /// Sets what was sent to the subject of each rule.
  void look(std::span<domain::VelocityRule> rules, domain::TimePoint now);
  /// One more goes to each subject.
  void add(std::span<const domain::VelocityRule> rules);
  /// Before the commit. Deletes the slots that are too old.
  void write();

 private:
  struct Count {
    int before = 0;  // in the table
    int now = 0;     // in this transaction
  };
  Count& of(const domain::VelocityRule& rule);

  Connection& writer_;
  std::int64_t slot_ = 0;
  std::map<std::string, Count> counts_;
};

}  // namespace postrider::adapters::sqlite
