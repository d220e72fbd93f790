// Lists of notifications, newest first, a page at a time. Each kind of filter has the index that
// serves it; the other filters narrow what that index yields.
#include <algorithm>
#include <charconv>
#include <compare>
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
  friend auto operator<=>(const Place&, const Place&) = default;
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

std::string cursor_of(const Place& place) {
  return std::to_string(place.created_at) + "." + std::to_string(place.seq);
}

// The lists where a page of a table is damaged: the keys in their order from an index alone, then
// each row by itself. An order has few, which are sorted.
constexpr const char* keys_by_order =
    "SELECT seq FROM contents INDEXED BY content_order WHERE order_id = ?1";
constexpr const char* keys_by_customer =
    "SELECT c.created_at, c.seq FROM contents c INDEXED BY content_customer"
    " WHERE c.customer_id = ?1 AND c.created_at >= ?2 AND c.created_at <= ?3"
    " ORDER BY c.created_at DESC, c.seq DESC";
constexpr const char* keys_of_all =
    "SELECT c.created_at, c.seq FROM contents c INDEXED BY content_created"
    " WHERE ?1 IS NULL AND c.created_at >= ?2 AND c.created_at <= ?3"
    " ORDER BY c.created_at DESC, c.seq DESC";
constexpr const char* select_by_seq =
    POSTRIDER_LIST_START "notifications n CROSS JOIN contents c ON c.seq = n.seq WHERE n.seq = ?";

constexpr int max_keys = 20'000;  // of one page: the next page goes on

struct PageOf {
  const ports::Filter& filter;
  int limit;
  std::int64_t from;
  Place start;

  bool has(const Place& place) const { return place.created_at >= from && place < start; }
  bool has(const domain::Notification& n) const {
    return (!filter.order_id || n.order_id == *filter.order_id) &&
           (!filter.customer_id || n.customer_id == *filter.customer_id) &&
           (!filter.state || n.state == *filter.state);
  }
};

std::optional<domain::Notification> read_alone(Connection& reader, std::int64_t seq) {
  auto row = reader.query(select_by_seq, seq);
  auto n = row.row() ? read_notification(row) : std::nullopt;
  reader.pass_over_damage();
  return n;
}

/// A page of an order's notifications without those that can't be read.
ports::Page list_order_row_by_row(Connection& reader, const PageOf& wanted) {
  std::vector<std::pair<Place, domain::Notification>> found;
  auto key = reader.query(keys_by_order, wanted.filter.order_id);
  while (key.row())
    if (auto n = read_alone(reader, key.integer(0)); n && wanted.has(*n))
      if (const Place place{domain::to_unix_ms(n->created_at), key.integer(0)}; wanted.has(place))
        found.emplace_back(place, *std::move(n));
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return b.first < a.first; });
  ports::Page page;
  for (auto& [place, n] : found) {
    if (static_cast<int>(page.notifications.size()) == wanted.limit) break;
    page.notifications.push_back(std::move(n));
    page.next_cursor = cursor_of(place);
  }
  if (page.notifications.size() == found.size()) page.next_cursor.clear();
  return page;
}

/// A page of other notifications without those that can't be read.
ports::Page list_row_by_row(Connection& reader, const PageOf& wanted) {
  const auto& customer = wanted.filter.customer_id;
  ports::Page page;
  std::string last;
  auto key = reader.query(customer ? keys_by_customer : keys_of_all, customer, wanted.from,
                          wanted.start.created_at);
  for (int looked = 0; key.row();) {
    const Place place{key.integer(0), key.integer(1)};
    if (!wanted.has(place)) continue;
    if (static_cast<int>(page.notifications.size()) == wanted.limit || looked == max_keys) {
      page.next_cursor = std::move(last);
      break;
    }
    ++looked;
    last = cursor_of(place);
    if (auto n = read_alone(reader, place.seq); n && wanted.has(*n))
      page.notifications.push_back(*std::move(n));
  }
  return page;
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
  auto page = database_.read([&](Connection& reader) {
    ports::Page read;
    std::string last;
    auto row = reader.query(statement_for(filter), filter.order_id, filter.customer_id,
                            filter.state, from, place->created_at, place->seq, limit + 1);
    for (int seen = 0; row.row(); ++seen) {
      if (seen == limit) {
        read.next_cursor = std::move(last);
        break;
      }
      if (auto n = read_notification(row)) read.notifications.push_back(*std::move(n));
      last = cursor_of({row.integer(2), row.integer(0)});
    }
    return read;
  });
  if (page || page.error().kind != domain::ErrorKind::corrupt) return page;
  return database_.read([&](Connection& reader) {
    const PageOf wanted{filter, limit, from, *place};
    return filter.order_id ? list_order_row_by_row(reader, wanted)
                           : list_row_by_row(reader, wanted);
  });
}

}  // namespace postrider::adapters::sqlite
