#include "adapters/sqlite/upkeep/set_aside.hpp"

#include <string>

#include "adapters/sqlite/database/database.hpp"

namespace postrider::adapters::sqlite {
namespace {

using Clock = std::chrono::steady_clock;
using ports::Field;

constexpr std::string_view advice_on_damage =
    "a page of the database that is needed for it is damaged: stop the service, run \"postrider "
    "verify\", and restore a backup; it is looked at again in an hour";

constexpr std::string_view advice_on_unreadable =
    "stop the service, run \"postrider verify\", and mend the row or restore a backup; it is "
    "looked at again in an hour";

// Only what is due: a lease or a deadline must not move each time that a write fails.
constexpr const char* update_put_off =
    "UPDATE notifications SET due_at = 1000 * strftime('%s', 'now') + 3600000"
    " WHERE id = ? AND due_at <= 1000 * (strftime('%s', 'now') + 1)";

constexpr const char* select_due =
    "SELECT due_at IS NOT NULL AND due_at <= 1000 * (strftime('%s', 'now') + 1)"
    " FROM notifications WHERE id = ?";

/// "3, 5 to 9": ranges of ascending numbers.
std::string ranges_of(std::span<const std::int64_t> numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (!text.empty()) text += ", ";
    text += std::to_string(numbers[i]);
    if (last > i) text += " to " + std::to_string(numbers[last]);
    i = last + 1;
  }
  return text;
}

}  // namespace

SetAside::SetAside(Database& database, ports::Telemetry* telemetry)
    : database_{database}, telemetry_{telemetry} {}

void SetAside::unreadable(std::span<const domain::NotificationId> ids) {
  for (const auto& id : ids) {
    name(id, "unreadable", advice_on_unreadable);
    put_off(id);
  }
}

void SetAside::failed(const domain::NotificationId& id, const domain::Error& error, bool also_put) {
  if (error.kind == domain::ErrorKind::corrupt) {
    name(id, "damaged", advice_on_damage);
  } else {
    name(id, "unwritable",
         error.what +
             ": SQLite refuses each write of the row. Look for a trigger or a constraint that "
             "Postrider did not make; the row is looked at again in an hour");
  }
  if (also_put) return put_off(id);
  const auto due = database_.read([&](Connection& reader) {
    auto row = reader.query(select_due, id);
    return !row.row() || row.integer(0) != 0;
  });
  if (!due || *due) database_.rows_set_aside().left.add(id, Clock::now());
}

void SetAside::damaged(std::span<const std::int64_t> seqs) {
  std::vector<std::int64_t> fresh;
  for (const auto seq : seqs)
    if (database_.rows_set_aside().damaged.add(seq, Clock::now())) fresh.push_back(seq);
  if (fresh.empty() || telemetry_ == nullptr) return;
  const auto count = static_cast<std::int64_t>(fresh.size());
  telemetry_->count(ports::Counter::items_set_aside, count);
  const auto reason = "rows " + ranges_of(fresh) +
                      " (seq) of the table notifications: " + std::string{advice_on_damage};
  telemetry_->log(
      ports::Level::error, "item_set_aside",
      {{Field::code, "damaged"}, {Field::count, count}, {Field::reason, std::string_view{reason}}});
}

void SetAside::name(const domain::NotificationId& id, std::string_view code,
                    std::string_view reason) {
  if (!database_.rows_set_aside().named.add(id, Clock::now()) || telemetry_ == nullptr) return;
  telemetry_->count(ports::Counter::items_set_aside, 1);
  telemetry_->log(ports::Level::error, "item_set_aside",
                  {{Field::notification_id, id}, {Field::code, code}, {Field::reason, reason}});
}

/// Puts a row off that is due, so that a list of due work never consists of bad ones alone. The
/// store is tried first: another process sees it too, and a person who looks at the row.
void SetAside::put_off(const domain::NotificationId& id) {
  const auto written = database_.write(Purpose::settle, [&](Writer& writer) {
    writer.run(update_put_off, id);
    // One that is due and that its id does not find lies in a damaged index.
    return writer.changed_rows() > 0 ||
           writer.query("SELECT 1 FROM notifications WHERE id = ?", id).row();
  });
  if (!written || !*written) database_.rows_set_aside().left.add(id, Clock::now());
}

}  // namespace postrider::adapters::sqlite
