// Lists of notifications, newest first, a page at a time. Each kind of filter has the index that
// serves it; the other filters narrow what that index yields.
#include <charconv>
#include <limits>

#include "adapters/sqlite/notification_query.hpp"
#include "adapters/sqlite/rows.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::State;

// ?1 order, ?2 customer, ?3 state (null: any), ?4 from, ?5 and ?6 the place to go on from, ?7
// limit.
#define POSTRIDER_LIST_START "SELECT " POSTRIDER_NOTIFICATION_COLUMNS " FROM "
#define POSTRIDER_LIST_FILTER                                                   \
  " AND (?1 IS NULL OR c.order_id = ?1) AND (?2 IS NULL OR c.customer_id = ?2)" \
  " AND (?3 IS NULL OR n.state = ?3)"
#define POSTRIDER_LIST_PLACE(t) \
  t ".created_at >= ?4 AND " t ".created_at <= ?5 AND (" t ".created_at < ?5 OR " t ".seq < ?6)"
#define POSTRIDER_LIST_END(t) " ORDER BY " t ".created_at DESC, " t ".seq DESC LIMIT ?7"

constexpr const char* list_by_order = POSTRIDER_LIST_START
    "contents c INDEXED BY content_order CROSS JOIN notifications n ON n.seq = c.seq"
    " WHERE c.order_id = ?1 AND " POSTRIDER_LIST_PLACE("c")
        POSTRIDER_LIST_FILTER POSTRIDER_LIST_END("c");
constexpr const char* list_by_customer = POSTRIDER_LIST_START
    "contents c INDEXED BY content_customer CROSS JOIN notifications n ON n.seq = c.seq"
    " WHERE c.customer_id = ?2 AND " POSTRIDER_LIST_PLACE("c")
        POSTRIDER_LIST_FILTER POSTRIDER_LIST_END("c");
constexpr const char* list_by_rare_end = POSTRIDER_LIST_START
    "notifications n INDEXED BY notification_rare_end CROSS JOIN contents c ON c.seq = n.seq"
    " WHERE n.state = ?3 AND n.state >= 9 AND " POSTRIDER_LIST_PLACE("n")
        POSTRIDER_LIST_FILTER POSTRIDER_LIST_END("n");
// Few are under way, so they are sorted: first their keys, then only the page is read.
constexpr const char* list_moving = POSTRIDER_LIST_START
    "(SELECT m.seq FROM notifications m INDEXED BY notification_due WHERE m.state = ?3"
    " AND m.due_at IS NOT NULL AND " POSTRIDER_LIST_PLACE("m") POSTRIDER_LIST_END("m") ") k"
    " CROSS JOIN notifications n ON n.seq = k.seq CROSS JOIN contents c ON c.seq = k.seq"
    " WHERE 1" POSTRIDER_LIST_FILTER POSTRIDER_LIST_END("n");
constexpr const char* list_all = POSTRIDER_LIST_START
    "contents c INDEXED BY content_created CROSS JOIN notifications n ON n.seq = c.seq"
    " WHERE " POSTRIDER_LIST_PLACE("c") POSTRIDER_LIST_FILTER POSTRIDER_LIST_END("c");

const char* statement_for(const ports::Filter& filter) {
  if (filter.order_id) return list_by_order;
  if (filter.customer_id) return list_by_customer;
  if (!filter.state) return list_all;
  if (*filter.state >= State::no_contact) return list_by_rare_end;
  return domain::is_end(*filter.state) ? list_all : list_moving;
}

/// Where a page ends: in order of created_at, then intake.
struct Place {
  std::int64_t created_at = std::numeric_limits<std::int64_t>::max();
  std::int64_t seq = std::numeric_limits<std::int64_t>::max();
};

std::optional<Place> parse_place(const std::string& cursor) {
  Place place;
  if (cursor.empty()) return place;
  const char* end = cursor.data() + cursor.size();
  const auto [dot, first_error] = std::from_chars(cursor.data(), end, place.created_at);
  if (first_error != std::errc{} || dot == end || *dot != '.') return std::nullopt;
  const auto [last, error] = std::from_chars(dot + 1, end, place.seq);
  if (error != std::errc{} || last != end) return std::nullopt;
  return place;
}

}  // namespace

domain::Result<ports::Page> SqliteNotificationQuery::list(const ports::Filter& filter, int limit,
                                                          const std::string& cursor) {
  auto place = parse_place(cursor);
  if (!place) return domain::Error{domain::ErrorKind::invalid, "no such cursor"};
  if (filter.to && domain::to_unix_ms(*filter.to) <= place->created_at)
    *place = {domain::to_unix_ms(*filter.to), std::numeric_limits<std::int64_t>::min()};
  const auto from =
      filter.from ? domain::to_unix_ms(*filter.from) : std::numeric_limits<std::int64_t>::min();
  return database_.read([&](Connection& reader) {
    ports::Page page;
    std::string last;
    auto row = reader.query(statement_for(filter), filter.order_id, filter.customer_id,
                            filter.state, from, place->created_at, place->seq, limit + 1);
    for (int seen = 0; row.row(); ++seen) {
      if (seen == limit) {
        page.next_cursor = std::move(last);
        break;
      }
      if (auto n = read_notification(row)) page.notifications.push_back(*std::move(n));
      last = std::to_string(row.integer(2)) + "." + std::to_string(row.integer(0));
    }
    return page;
  });
}

}  // namespace postrider::adapters::sqlite
