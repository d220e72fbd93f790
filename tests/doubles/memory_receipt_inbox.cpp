#include "doubles/memory_receipt_inbox.hpp"

#include <algorithm>

#include "domain/limits/item_limits.hpp"

namespace postrider::doubles {

using domain::Receipt;
using Kept = MemoryWorld::KeptReceipt;

domain::Result<domain::Done> MemoryReceiptInbox::keep(std::span<const Receipt> receipts,
                                                      domain::TimePoint now) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  const auto has_room = [&](const Receipt& r) REQUIRES(world_.mutex) {
    return std::count_if(world_.inbox.begin(), world_.inbox.end(), [&](const Kept& k) {
             return k.receipt.carrier == r.carrier && k.receipt.message_id == r.message_id;
           }) < domain::max_kept_receipts(r.outcome);
  };
  for (const auto& r : receipts)
    if (has_room(r) && std::none_of(world_.inbox.begin(), world_.inbox.end(),
                                    [&](const Kept& k) { return k.receipt == r; }))
      world_.inbox.push_back({r, now});
  return domain::Done{};
}

domain::Result<std::vector<Receipt>> MemoryReceiptInbox::find(
    std::span<const ports::NotificationStore::MessageKey> keys) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.read_failure) return *world_.read_failure;
  std::vector<Receipt> found;
  for (const auto& kept : world_.inbox)
    if (std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
          return key.carrier == kept.receipt.carrier && key.message_id == kept.receipt.message_id;
        }))
      found.push_back(kept.receipt);
  return found;
}

domain::Result<std::vector<Receipt>> MemoryReceiptInbox::matched(int limit) {
  const concurrency::Lock lock{world_.mutex};
  if (auto failed = world_.failure_of("matched receipts")) return *failed;
  if (world_.read_failure) return *world_.read_failure;
  std::vector<Receipt> found;
  for (const auto& kept : world_.inbox) {
    if (found.size() >= static_cast<std::size_t>(limit)) break;
    bool known = false;
    for (const auto& [id, row] : world_.rows)
      for (const auto& [no, attempt] : row.attempts)
        known = known || (!attempt.submission.message_id.empty() &&
                          attempt.submission.message_id == kept.receipt.message_id &&
                          attempt.submission.carrier == kept.receipt.carrier);
    if (known) found.push_back(kept.receipt);
  }
  return found;
}

domain::Result<domain::Done> MemoryReceiptInbox::drop(std::span<const Receipt> receipts) {
  const concurrency::Lock lock{world_.mutex};
  if (world_.write_failure) return *world_.write_failure;
  std::erase_if(world_.inbox, [&](const Kept& kept) {
    return std::find(receipts.begin(), receipts.end(), kept.receipt) != receipts.end();
  });
  return domain::Done{};
}

domain::Result<int> MemoryReceiptInbox::expire(domain::TimePoint horizon) {
  const concurrency::Lock lock{world_.mutex};
  if (auto failed = world_.failure_of("expire receipts")) return *failed;
  if (world_.write_failure) return *world_.write_failure;
  return static_cast<int>(
      std::erase_if(world_.inbox, [&](const Kept& kept) { return kept.kept_at < horizon; }));
}

}  // namespace postrider::doubles
