#include "doubles/memory_customer_directory.hpp"

#include "message/text/ascii.hpp"

namespace postrider::doubles {

using message::lower;

domain::Result<std::vector<std::optional<domain::Customer>>> MemoryCustomerDirectory::find(
    const std::string& shop, std::span<const std::string> ids) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::vector<std::optional<domain::Customer>> found;
  for (const auto& id : ids) {
    const auto one = world_.customers.find({shop, id});
    found.push_back(one == world_.customers.end() ? std::nullopt : std::optional{one->second});
  }
  return found;
}

domain::Result<std::vector<domain::Customer>> MemoryCustomerDirectory::list(
    const std::string& shop, int limit, const std::string& cursor) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::vector<domain::Customer> page;
  for (auto it = world_.customers.upper_bound({shop, cursor});
       it != world_.customers.end() && it->first.first == shop &&
       page.size() < static_cast<std::size_t>(limit);
       ++it)
    page.push_back(it->second);
  return page;
}

domain::Result<domain::Done> MemoryCustomerDirectory::put(
    const std::string& shop, std::span<const domain::Customer> customers, domain::TimePoint) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  for (const auto& customer : customers) {
    auto& kept = world_.customers[{shop, customer.id}];
    const auto sms = customer.sms_opt_in ? customer.sms_opt_in : kept.sms_opt_in;
    const auto email = customer.email_opt_in ? customer.email_opt_in : kept.email_opt_in;
    kept = customer;
    kept.sms_opt_in = sms.value_or(true);
    kept.email_opt_in = email.value_or(true);
  }
  return domain::Done{};
}

domain::Result<bool> MemoryCustomerDirectory::erase(const std::string& shop,
                                                    const std::string& id) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  return world_.customers.erase({shop, id}) > 0;
}

domain::Result<domain::Done> MemoryCustomerDirectory::opt_out(
    std::span<const ports::OptOut> numbers) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  for (const auto& number : numbers) {
    const auto opt_in = world_.opt_ins.find(number.phone);
    if (opt_in != world_.opt_ins.end() && domain::is_lifted(number.at, opt_in->second)) continue;
    world_.opt_outs.emplace(number.phone, number);
  }
  return domain::Done{};
}

domain::Result<bool> MemoryCustomerDirectory::opt_in(const std::string& phone,
                                                     domain::TimePoint now) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  world_.opt_ins[phone] = now;
  return world_.opt_outs.erase(phone) > 0;
}

domain::Result<std::vector<bool>> MemoryCustomerDirectory::opted_out(
    std::span<const std::string> phones) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::vector<bool> out;
  for (const auto& phone : phones) out.push_back(world_.opt_outs.contains(phone));
  return out;
}

domain::Result<std::vector<ports::OptOut>> MemoryCustomerDirectory::list_opt_outs(
    int limit, const std::string& cursor) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::vector<ports::OptOut> page;
  for (auto it = world_.opt_outs.upper_bound(cursor);
       it != world_.opt_outs.end() && page.size() < static_cast<std::size_t>(limit); ++it)
    page.push_back(it->second);
  return page;
}

domain::Result<domain::Done> MemoryCustomerDirectory::block(
    std::span<const ports::BlockedAddress> addresses) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  for (auto address : addresses) {
    address.email = lower(address.email);
    const auto [kept, is_new] = world_.blocked.emplace(address.email, address);
    if (!is_new && address.reason == "complaint") kept->second = address;
  }
  return domain::Done{};
}

domain::Result<bool> MemoryCustomerDirectory::unblock_bounced(const std::string& email) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  const auto found = world_.blocked.find(lower(email));
  if (found == world_.blocked.end() || found->second.reason != "bounce") return false;
  world_.blocked.erase(found);
  return true;
}

}  // namespace postrider::doubles
