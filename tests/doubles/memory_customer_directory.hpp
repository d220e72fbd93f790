// CustomerDirectory over MemoryWorld, for tests. Thread-safe.
#pragma once

#include "doubles/memory_world.hpp"
#include "ports/customer_directory.hpp"

namespace postrider::doubles {

class MemoryCustomerDirectory final : public ports::CustomerDirectory {
 public:
  explicit MemoryCustomerDirectory(MemoryWorld& world) : world_{world} {}

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
  MemoryWorld& world_;
};

}  // namespace postrider::doubles
