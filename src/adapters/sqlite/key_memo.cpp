#include "adapters/sqlite/key_memo.hpp"

namespace postrider::adapters::sqlite {

KeyMemo::Place& KeyMemo::place_of(const domain::NotificationId& id) {
  if (places_.empty()) places_.resize(1U << place_bits);
  // The first bytes: of a UUID those are as good as random, the seventh says its version.
  return places_[(id.bytes[0] << 16 | id.bytes[1] << 8 | id.bytes[2]) >> (24 - place_bits)];
}

std::optional<std::int64_t> KeyMemo::find(Connection& writer, const domain::NotificationId& id) {
  if (const auto& place = place_of(id); place.seq != 0 && place.id == id) return place.seq;
  auto row = writer.query("SELECT seq FROM notifications WHERE id = ?", id);
  if (!row.row()) return std::nullopt;
  remember(id, row.integer(0));
  return row.integer(0);
}

void KeyMemo::remember(const domain::NotificationId& id, std::int64_t seq) {
  place_of(id) = {id, seq};
}

void KeyMemo::clear() { places_.clear(); }

}  // namespace postrider::adapters::sqlite
