// Expiry of SqliteNotificationStore: deletes what has ended and is old enough, with its attempts.
#include "adapters/sqlite/cost_archive.hpp"
#include "adapters/sqlite/database/schema.hpp"
#include "adapters/sqlite/notification_store.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::State;

constexpr const char* select_old =
    "SELECT c.created_at, c.seq, n.state, n.reserved, n.budget_day, n.spent, c.country, c.status,"
    " " POSTRIDER_CARRIER_OF
    ", n.segments, max(c.plain_segments - n.segments, 0) FROM contents c"
    " JOIN notifications n ON n.seq = c.seq"
    " WHERE c.created_at >= ?1 AND c.created_at < ?3 AND (c.created_at > ?1 OR c.seq > ?2)"
    " ORDER BY c.created_at, c.seq";

// What must stay (dead letters) is passed over, but at most so many in one call; a round that has
// reached the horizon starts again from the oldest.
constexpr int looked_at_per_deletion = 4;

void erase(Connection& writer, std::int64_t seq) {
  const auto first = seq * attempts_per_notification;
  writer.run("DELETE FROM attempts WHERE key BETWEEN ? AND ?", first,
             first + attempts_per_notification - 1);
  writer.run("DELETE FROM notifications WHERE seq = ?", seq);
  writer.run("DELETE FROM contents WHERE seq = ?", seq);
}

}  // namespace

domain::Result<int> SqliteNotificationStore::expire(domain::TimePoint horizon, int limit) {
  ExpiryPosition before;
  return database_.write(
      Purpose::erase,
      [&](Writer& writer) {
        auto& position = expired_up_to_.in(writer);
        before = position;
        TransactionTotals totals{writer};
        CostArchive archive{writer};
        std::vector<std::int64_t> gone;
        bool more = true;
        {
          auto row = writer.query(select_old, before.created_at, before.seq, horizon);
          for (int left = limit * looked_at_per_deletion;
               left > 0 && static_cast<int>(gone.size()) < limit && (more = row.row()); --left) {
            position = {row.time(0), row.integer(1)};
            const auto state = row.word<State>(2);
            if (!state || !domain::may_expire(*state)) continue;
            gone.push_back(row.integer(1));
            totals.counts.left(*state);
            totals.budget.apply(domain::budget_effect_of_expiry(row.small(4), row.money(3)));
            archive.add({row.small(4), row.string(6), row.string(7), row.string(8), 1, row.small(9),
                         row.small(10), row.money(5) + row.money(3), domain::Money{}});
          }
        }
        if (!more) position = {};
        if (!gone.empty()) keys_.in(writer).clear();
        for (const auto seq : gone) erase(writer, seq);
        archive.write();
        totals.budget.write();
        totals.counts.write(writer);
        return static_cast<int>(gone.size());
      },
      [&](Writer& writer) { expired_up_to_.in(writer) = before; });
}

}  // namespace postrider::adapters::sqlite
