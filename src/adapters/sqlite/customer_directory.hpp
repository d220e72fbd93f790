// CustomerDirectory on SQLite. Thread-safe.
#pragma once

#include "adapters/sqlite/database/database.hpp"
#include "ports/customer_directory.hpp"

namespace postrider::adapters::sqlite {

class SqliteCustomerDirectory final : public ports::CustomerDirectory {
 public:
  /// `database` outlives the directory.
  explicit SqliteCustomerDirectory(Database& database) : database_{database} {}

  domain::Result<std::vector<std::optional<domain::Customer>>> find(
      const std::string& shop, std::span<const std::string> ids) override;
  domain::Result<std::vector<domain::Customer>> list(const std::string& shop, int limit,
                                                     const std::string& cursor) override;
  domain::Result<domain::Done> put(const std::string& shop,
                                   std::span<const domain::Customer> customers,
                                   domain::TimePoint now) override;
  domain::Result<bool> erase(const std::string& shop, const std::string& id) override;
  domain::Result<domain::Done> opt_out(std::span<const ports::OptOut> numbers) override;
  domain::Result<bool> opt_in(const std::string& phone, domain::TimePoint now) override;
  domain::Result<std::vector<bool>> opted_out(std::span<const std::string> phones) override;
  domain::Result<std::vector<ports::OptOut>> list_opt_outs(int limit,
                                                           const std::string& cursor) override;
  domain::Result<domain::Done> block(std::span<const ports::BlockedAddress> addresses) override;
  domain::Result<bool> unblock_bounced(const std::string& email) override;

 private:
  Database& database_;
};

}  // namespace postrider::adapters::sqlite
