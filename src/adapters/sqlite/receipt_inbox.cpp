#include "adapters/sqlite/receipt_inbox.hpp"

#include <algorithm>
#include <limits>

#include "adapters/sqlite/rows.hpp"
#include "domain/limits/item_limits.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::Receipt;

#define POSTRIDER_RECEIPT_COLUMNS \
  "r.key, r.carrier, r.message_id, r.outcome, r.proof, r.detail, r.at, r.price, r.segments"

constexpr const char* insert_receipt =
    "INSERT INTO receipts(carrier, message_id, outcome, proof, detail, at, price, segments,"
    " kept_at) SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9 WHERE ?10 >"
    " (SELECT count(*) FROM receipts WHERE message_id = ?2 AND carrier = ?1)"
    " ON CONFLICT DO NOTHING";

constexpr const char* select_kept =
    "SELECT " POSTRIDER_RECEIPT_COLUMNS " FROM receipts r WHERE r.message_id = ? AND r.carrier = ?";

constexpr const char* select_after =
    "SELECT " POSTRIDER_RECEIPT_COLUMNS
    ", EXISTS(SELECT 1 FROM attempts a WHERE a.message_hash = message_hash(r.message_id)"
    " AND a.message_id = r.message_id AND a.carrier = r.carrier) FROM receipts r WHERE r.key > ? "
    "AND r.key <= ?"
    " ORDER BY r.key LIMIT ?";

constexpr const char* delete_receipt =
    "DELETE FROM receipts WHERE message_id = ? AND carrier = ? AND outcome = ? AND proof = ?"
    " AND detail = ? AND at = ? AND ifnull(price, -1) = ifnull(?, -1)"
    " AND ifnull(segments, -1) = ifnull(?, -1)";

// Most of a long inbox is foreign and stays so for days: one call looks at a part of it.
constexpr int looked_at_per_call = 5000;

/// nullopt: it can't be read. It stays where it is until it expires.
std::optional<Receipt> read_receipt(const Query& current) {
  RowReader row{current};
  Receipt r;
  r.carrier = row.text(1);
  r.message_id = row.text(2);
  r.outcome = row.word<domain::ReceiptOutcome>(3);
  r.proof = row.word<domain::Proof>(4);
  r.detail = row.text(5);
  r.at = row.time(6);
  if (!current.is_null(7)) r.price = row.money(7);
  if (!current.is_null(8)) r.segments = row.small(8);
  if (!row.readable()) return std::nullopt;
  return r;
}

/// True nearly always: a receipt seldom overtakes the record of its submission.
bool is_empty(Connection& reader) {
  auto row = reader.query("SELECT 1 FROM receipts LIMIT 1");
  return !row.row();
}

}  // namespace

domain::Result<domain::Done> SqliteReceiptInbox::keep(std::span<const Receipt> receipts,
                                                      domain::TimePoint now) {
  return database_.write(Purpose::settle, [&](Connection& writer) {
    for (const auto& r : receipts)
      writer.run(insert_receipt, r.carrier, r.message_id, r.outcome, r.proof, r.detail, r.at,
                 r.price, r.segments, now, domain::max_kept_receipts(r.outcome));
    return domain::Done{};
  });
}

domain::Result<std::vector<Receipt>> SqliteReceiptInbox::find(
    std::span<const ports::NotificationStore::MessageKey> keys) {
  return database_.read([&](Connection& reader) {
    std::vector<std::pair<std::int64_t, Receipt>> kept;
    if (is_empty(reader)) return std::vector<Receipt>{};
    for (const auto& key : keys) {
      auto row = reader.query(select_kept, key.message_id, key.carrier);
      while (row.row())
        if (auto receipt = read_receipt(row)) kept.emplace_back(row.integer(0), *receipt);
    }
    std::sort(kept.begin(), kept.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Receipt> found;
    found.reserve(kept.size());
    for (auto& [key, receipt] : kept)
      if (found.empty() || !(found.back() == receipt)) found.push_back(std::move(receipt));
    return found;
  });
}

domain::Result<std::vector<Receipt>> SqliteReceiptInbox::matched(int limit) {
  return database_.read([&](Connection& reader) {
    std::vector<Receipt> found;
    const std::int64_t start = looked_up_to_;
    std::int64_t reached = start;
    int left = looked_at_per_call;
    const auto look = [&](std::int64_t after, std::int64_t up_to) {
      auto row = reader.query(select_after, after, up_to, left);
      while (static_cast<int>(found.size()) < limit && row.row()) {
        reached = row.integer(0);
        --left;
        if (row.integer(9) == 0) continue;
        if (auto receipt = read_receipt(row)) found.push_back(*std::move(receipt));
      }
    };
    look(start, std::numeric_limits<std::int64_t>::max());
    if (left > 0 && static_cast<int>(found.size()) < limit) look(0, start);
    looked_up_to_ = reached;
    return found;
  });
}

domain::Result<domain::Done> SqliteReceiptInbox::drop(std::span<const Receipt> receipts) {
  if (receipts.empty()) return domain::Done{};
  return database_.write(Purpose::settle, [&](Connection& writer) {
    for (const auto& r : receipts)
      writer.run(delete_receipt, r.message_id, r.carrier, r.outcome, r.proof, r.detail, r.at,
                 r.price, r.segments);
    return domain::Done{};
  });
}

domain::Result<int> SqliteReceiptInbox::expire(domain::TimePoint horizon) {
  // The sweeper asks every second; nearly always there is nothing, and that costs no commit.
  auto any = database_.read([&](Connection& reader) {
    auto row = reader.query("SELECT 1 FROM receipts WHERE kept_at < ? LIMIT 1", horizon);
    return row.row();
  });
  if (!any) return any.error();
  if (!*any) return 0;
  return database_.write(Purpose::settle, [&](Connection& writer) {
    writer.run("DELETE FROM receipts WHERE kept_at < ?", horizon);
    return static_cast<int>(writer.changed_rows());
  });
}

}  // namespace postrider::adapters::sqlite
