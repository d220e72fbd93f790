#include "adapters/sqlite/key_memo.hpp"

#include <utility>

namespace postrider::adapters::sqlite {

std::optional<std::int64_t> KeyMemo::find(Connection& writer, const domain::NotificationId& id) {
  for (const auto* keys : {&younger_, &older_})
    if (const auto found = keys->find(id); found != keys->end()) return found->second;
  auto row = writer.query("SELECT seq FROM notifications WHERE id = ?", id);
  if (!row.row()) return std::nullopt;
  remember(id, row.integer(0));
  return row.integer(0);
}

void KeyMemo::remember(const domain::NotificationId& id, std::int64_t seq) {
  if (younger_.size() >= max_per_generation) {
    std::swap(younger_, older_);
    younger_.clear();
  }
  younger_.insert_or_assign(id, seq);
}

void KeyMemo::clear() {
  younger_.clear();
  older_.clear();
}

}  // namespace postrider::adapters::sqlite
