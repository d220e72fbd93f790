// A notification as an item of the log, with its history and attempts. Names of attributes are part
// of the store: every item once written must stay readable. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/aws/dynamodb/database/item.hpp"
#include "adapters/aws/dynamodb/database/update.hpp"
#include "domain/delivery/change.hpp"
#include "domain/notification.hpp"

namespace postrider::adapters::aws::dynamodb {

/// The item of a new notification, without history and due time.
Item item_of(const domain::Notification& n);

/// The attributes due_at, due_shard and due_key: when the notification is due, and when the sweeper
/// looks at it. None of them in a state that time does not move. Work that goes to a queue is
/// looked at `requeue_after` later than it is due.
Item due_attributes(const domain::NotificationId& id, domain::State state,
                    domain::Priority priority, std::optional<domain::TimePoint> due_at,
                    std::int64_t sequence, domain::Milliseconds requeue_after);
inline constexpr std::array due_names{"due_at", "due_shard", "due_key"};

/// The first attribute of a notification's item that can't be read: absent where there has to be
/// one, of another type, or a word that this version does not know. Empty: all can be read.
std::string_view unreadable_attribute(const Item& item);
/// The notification in an item; nullopt where an attribute can't be read.
std::optional<domain::Notification> notification_of(const Item& item);
std::optional<domain::NotificationDetails> details_of(const Item& item);

/// "1795000000000 accepted sending_sms claimed"; "-" for the state before intake.
Json history_line(domain::TimePoint at, std::optional<domain::State> from, domain::State to,
                  std::string_view cause);

/// Adds a history line to the update of a notification that had `version`. From the time on at
/// which the history may be full, the newest entry takes the last place.
void append_history(Update& update, std::int64_t version, Json line);

/// Notes the reservation of a claim: `attempt` is its number. Of many claims, the first ones are in
/// a list, and the later ones in places that the next ones take.
void note_reservation(Update& update, int attempt, const std::string& reservation);
/// True where a claim of the notification was noted with this reservation.
bool has_reservation(const Item& item, const std::string& reservation);

// An attempt is three attributes, so that its halves have different writers.
std::string submission_name(int no);  // "attempt_1"
std::string receipt_name(int no);     // "receipt_1"
std::string late_name(int no);        // "late_1"
Json submission_value(const domain::Submission& submission);
Json receipt_value(const domain::Receipt& receipt);
std::optional<domain::Receipt> receipt_of(const Item& map);

// Index keys. Widths are fixed: thirteen digits of milliseconds last until the year 2286.
std::string ordered(domain::TimePoint time, std::int64_t sequence);  // "1795000000000.179…"
/// A text below every key of `time` and above every earlier key.
std::string ordered_from(domain::TimePoint time);
std::string due_shard(domain::State state, domain::Priority priority, int shard);
int shard_of(const domain::NotificationId& id);
std::int64_t sequence_of(const Item& item);

/// The time to live, in Unix seconds, of an ended notification that was created then.
std::int64_t ttl_of(domain::TimePoint created_at, domain::Milliseconds retention);

}  // namespace postrider::adapters::aws::dynamodb
