#include "adapters/aws/dynamodb/notification_item.hpp"

#include <array>
#include <charconv>
#include <cstdio>

#include "adapters/aws/dynamodb/tables.hpp"
#include "domain/limits/item_limits.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Notification;
using domain::State;

constexpr std::string_view high = "high";
constexpr int max_reservations = 50;  // noted in the list, and in the places of later ones
constexpr std::string_view ucs2 = "UCS-2";

// The attributes of a notification by their type.
constexpr std::array<std::string_view, 22> texts{
    "shop",          "mode",       "order_id", "customer_id", "status",  "parcel",
    "fingerprint",   "priority",   "reason",   "proof",       "phone",   "email",
    "locale",        "sms_text",   "encoding", "template",    "country", "place",
    "email_subject", "email_text", "quiet",    "sms_type"};
constexpr std::array<std::string_view, 16> numbers{
    "occurred_at", "created_at",  "not_after",      "estimate",   "due_at",   "attempts",
    "sms_tries",   "email_tries", "reserved",       "spent",      "segments", "budget_day",
    "ttl",         "released_at", "plain_segments", "mail_waited"};
constexpr std::array<std::string_view, 3> flags{"explicit_key", "sms_submitted", "mail_submitted"};

std::optional<std::string_view> cut(std::string_view& text) {
  const auto end = text.find(' ');
  if (end == std::string_view::npos) return std::nullopt;
  const auto part = text.substr(0, end);
  text.remove_prefix(end + 1);
  return part;
}

std::optional<domain::HistoryEntry> history_entry(std::string_view line) {
  const auto at = cut(line);
  const auto from = cut(line);
  const auto to = cut(line);
  if (!at || !from || !to) return std::nullopt;
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(at->data(), at->data() + at->size(), ms);
  const auto state = domain::parse_state(*to);
  const auto before = domain::parse_state(*from);
  if (error != std::errc{} || end != at->data() + at->size() || !state) return std::nullopt;
  if (!before && *from != "-") return std::nullopt;
  return domain::HistoryEntry{domain::from_unix_ms(ms), before, *state, std::string{line}};
}

domain::NotificationId id_of(const Item& item, const char* name) {
  return domain::parse_notification_id(text_of(item, name)).value_or(domain::NotificationId{});
}

domain::Encoding encoding_of(const Item& item) {
  return text_of(item, "encoding") == ucs2 ? domain::Encoding::ucs2 : domain::Encoding::gsm7;
}

domain::Submission submission_of(const Item& map) {
  domain::Submission s;
  s.channel = text_of(map, "channel") == "email" ? domain::Channel::email : domain::Channel::sms;
  const auto outcome = text_of(map, "outcome");
  for (const auto each : {domain::Submitted::accepted, domain::Submitted::refused})
    if (outcome == domain::name(each)) s.outcome = each;
  s.carrier = text_of(map, "carrier");
  s.message_id = text_of(map, "message_id");
  s.error = text_of(map, "error");
  s.at = time_of(map, "at").value_or(domain::TimePoint{});
  s.encoding = encoding_of(map);
  s.segments = static_cast<int>(number_of(map, "segments"));
  s.price = money_of(map, "price");
  return s;
}

void put_content(Item& item, const domain::MessageContent& c) {
  put(item, "phone", c.phone);
  put(item, "email", c.email);
  put(item, "locale", c.locale);
  put(item, "sms_text", c.sms_text);
  if (c.encoding == domain::Encoding::ucs2) put(item, "encoding", ucs2);
  put(item, "segments", c.segments);
  put(item, "plain_segments", c.plain_segments);
  put(item, "country", c.country);
  put(item, "template", c.template_version);
  put(item, "quiet", domain::to_text(c.quiet));
  if (c.sms_type == domain::SmsType::promotional) put(item, "sms_type", domain::name(c.sms_type));
  put(item, "email_subject", c.email_subject);
  put(item, "email_text", c.email_text);
}

domain::MessageContent content_of(const Item& item) {
  domain::MessageContent c;
  c.phone = text_of(item, "phone");
  c.email = text_of(item, "email");
  c.locale = text_of(item, "locale");
  c.sms_text = text_of(item, "sms_text");
  c.encoding = encoding_of(item);
  c.segments = static_cast<int>(number_of(item, "segments"));
  c.plain_segments = static_cast<int>(number_of(item, "plain_segments"));
  c.country = text_of(item, "country");
  c.template_version = text_of(item, "template");
  c.quiet = domain::parse_quiet_times(text_of(item, "quiet"));
  if (text_of(item, "sms_type") == domain::name(domain::SmsType::promotional))
    c.sms_type = domain::SmsType::promotional;
  c.email_subject = text_of(item, "email_subject");
  c.email_text = text_of(item, "email_text");
  return c;
}

domain::Attempt attempt_of(const Item& item, const domain::NotificationId& id, int no) {
  domain::Attempt attempt;
  attempt.notification = id;
  attempt.no = no;
  attempt.submission = submission_of(map_of(item, submission_name(no)));
  attempt.receipt = receipt_of(map_of(item, receipt_name(no)));
  attempt.late_receipts = static_cast<int>(number_of(item, late_name(no)));
  return attempt;
}

}  // namespace

std::string submission_name(int no) { return "attempt_" + std::to_string(no); }
std::string receipt_name(int no) { return "receipt_" + std::to_string(no); }
std::string late_name(int no) { return "late_" + std::to_string(no); }

std::string ordered_from(domain::TimePoint time) {
  std::array<char, 24> text{};
  const auto size = std::snprintf(text.data(), text.size(), "%013lld",
                                  static_cast<long long>(domain::to_unix_ms(time)));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string ordered(domain::TimePoint time, std::int64_t sequence) {
  std::array<char, 24> text{};
  const auto size =
      std::snprintf(text.data(), text.size(), ".%016lld", static_cast<long long>(sequence));
  return ordered_from(time) + std::string{text.data(), static_cast<std::size_t>(size)};
}

std::int64_t sequence_of(const Item& item) {
  const auto place = text_of(item, "place");
  const auto dot = place.find('.');
  std::int64_t sequence = 0;
  if (dot != std::string::npos)
    std::from_chars(place.data() + dot + 1, place.data() + place.size(), sequence);
  return sequence;
}

std::string due_shard(State state, domain::Priority priority, int shard) {
  std::string key{domain::name(state)};
  key += priority == domain::Priority::high ? ".high." : ".normal.";
  return key + std::to_string(shard);
}

int shard_of(const domain::NotificationId& id) {
  return static_cast<int>(domain::spread(id, 0, due_shards));
}

std::int64_t ttl_of(domain::TimePoint created_at, domain::Milliseconds retention) {
  return domain::to_unix_ms(created_at + retention) / 1000;
}

Item item_of(const Notification& n) {
  Item item = log_key(domain::to_string(n.id));
  put(item, "shop", n.shop);
  if (n.mode == domain::Mode::test) put(item, "mode", "test");
  put(item, "order_id", n.order_id);
  put(item, "customer_id", n.customer_id);
  put(item, "status", n.status);
  put(item, "parcel", n.parcel);
  put_flag(item, "explicit_key", n.explicit_key);
  put(item, "fingerprint", domain::to_string(n.fingerprint));
  if (n.priority == domain::Priority::high) put(item, "priority", high);
  put_time(item, "occurred_at", n.occurred_at);
  put_time(item, "created_at", n.created_at);
  put_time(item, "not_after", n.not_after);
  put_content(item, n.content);
  put(item, "estimate", n.estimate.micros);
  put(item, "place", ordered(n.created_at, n.intake));
  put(item, "state", domain::name(n.state));
  item["version"] = number(n.version);
  put(item, "reason", n.reason);
  return item;
}

Item due_attributes(const domain::NotificationId& id, State state, domain::Priority priority,
                    std::optional<domain::TimePoint> due_at, std::int64_t sequence,
                    domain::Milliseconds requeue_after) {
  Item item = Json::object();
  if (!due_at) return item;
  const bool queued = state == State::accepted || state == State::email_due;
  put_time(item, "due_at", due_at);
  put(item, "due_shard", due_shard(state, priority, shard_of(id)));
  put(item, "due_key", ordered(queued ? *due_at + requeue_after : *due_at, sequence));
  return item;
}

std::string_view unreadable_attribute(const Item& item) {
  if (!domain::parse_notification_id(text_of(item, "notification_id"))) return "notification_id";
  if (!domain::parse_state(text_of(item, "state"))) return "state";
  if (!optional_number(item, "version")) return "version";
  if (const auto mode = text_of(item, "mode"); !mode.empty() && mode != "test") return "mode";
  const auto misread = [&](std::string_view name, const auto& is_read) {
    return item.contains(name) && !is_read(name);
  };
  for (const auto name : texts)
    if (misread(name, [&](auto n) { return item[n].is_object() && item[n].contains("S"); }))
      return name;
  for (const auto name : numbers)
    if (misread(name, [&](auto n) { return optional_number(item, n).has_value(); })) return name;
  for (const auto name : flags)
    if (misread(name, [&](auto n) { return optional_flag(item, n).has_value(); })) return name;
  return {};
}

std::optional<Notification> notification_of(const Item& item) {
  if (!unreadable_attribute(item).empty()) return std::nullopt;
  Notification n;
  n.id = *domain::parse_notification_id(text_of(item, "notification_id"));
  n.shop = text_of(item, "shop");
  if (text_of(item, "mode") == "test") n.mode = domain::Mode::test;
  n.order_id = text_of(item, "order_id");
  n.customer_id = text_of(item, "customer_id");
  n.status = text_of(item, "status");
  n.parcel = text_of(item, "parcel");
  n.explicit_key = flag_of(item, "explicit_key");
  n.fingerprint = id_of(item, "fingerprint");
  n.priority =
      text_of(item, "priority") == high ? domain::Priority::high : domain::Priority::normal;
  n.occurred_at = time_of(item, "occurred_at");
  n.created_at = time_of(item, "created_at").value_or(domain::TimePoint{});
  n.intake = sequence_of(item);
  n.not_after = time_of(item, "not_after").value_or(domain::TimePoint{});
  n.content = content_of(item);
  n.estimate = money_of(item, "estimate");
  n.state = *domain::parse_state(text_of(item, "state"));
  n.version = number_of(item, "version");
  n.due_at = time_of(item, "due_at");
  n.reason = text_of(item, "reason");
  n.attempts = static_cast<int>(number_of(item, "attempts"));
  n.sms_tries = static_cast<int>(number_of(item, "sms_tries"));
  n.email_tries = static_cast<int>(number_of(item, "email_tries"));
  n.mail_waited = domain::Milliseconds{number_of(item, "mail_waited")};
  n.sms_submitted = flag_of(item, "sms_submitted");
  n.mail_submitted = flag_of(item, "mail_submitted");
  n.reserved = money_of(item, "reserved");
  n.spent = money_of(item, "spent");
  n.budget_day = static_cast<int>(number_of(item, "budget_day"));
  const auto proof = domain::parse_proof(text_of(item, "proof"));
  n.proof = proof.value_or(domain::Proof::none);
  return n;
}

std::optional<domain::NotificationDetails> details_of(const Item& item) {
  auto n = notification_of(item);
  if (!n) return std::nullopt;
  domain::NotificationDetails details{std::move(*n), {}, {}};
  for (const auto& line : list_of(item, "history"))
    if (auto entry = history_entry(line.value("S", ""))) details.history.push_back(*entry);
  for (int no = 1; no <= details.notification.attempts; ++no)
    if (item.contains(submission_name(no)) || item.contains(receipt_name(no)))
      details.attempts.push_back(attempt_of(item, details.notification.id, no));
  return details;
}

Json history_line(domain::TimePoint at, std::optional<State> from, State to,
                  std::string_view cause) {
  std::string line = std::to_string(domain::to_unix_ms(at)) + " ";
  line += from ? domain::name(*from) : std::string_view{"-"};
  line += " ";
  line += domain::name(to);
  line += " ";
  line += cause;
  return text(line);
}

void append_history(Update& update, std::int64_t version, Json line) {
  if (version + 1 < static_cast<std::int64_t>(domain::max_history)) {
    update.append("history", Json::array({std::move(line)}));
  } else {
    update.set_place("history", domain::max_history - 1, std::move(line));
  }
}

void note_reservation(Update& update, int attempt, const std::string& reservation) {
  if (attempt <= max_reservations) {
    update.append("reservations", Json::array({text(reservation)}));
  } else {
    update.set("reservation_" + std::to_string(attempt % max_reservations), text(reservation));
  }
}

bool has_reservation(const Item& item, const std::string& reservation) {
  const auto noted = text(reservation);
  for (const auto& id : list_of(item, "reservations"))
    if (id == noted) return true;
  for (int place = 0; place < max_reservations; ++place)
    if (text_of(item, "reservation_" + std::to_string(place)) == reservation) return true;
  return false;
}

Json submission_value(const domain::Submission& s) {
  Item map = Json::object();
  put(map, "channel", domain::name(s.channel));
  put(map, "outcome", domain::name(s.outcome));
  put(map, "carrier", s.carrier);
  put(map, "message_id", s.message_id);
  put(map, "error", s.error);
  put_time(map, "at", s.at);
  if (s.encoding == domain::Encoding::ucs2) put(map, "encoding", ucs2);
  put(map, "segments", s.segments);
  put(map, "price", s.price.micros);
  return {{"M", std::move(map)}};
}

Json receipt_value(const domain::Receipt& r) {
  Item map = Json::object();
  put(map, "carrier", r.carrier);
  put(map, "message_id", r.message_id);
  put(map, "outcome", domain::name(r.outcome));
  if (r.proof != domain::Proof::none) put(map, "proof", domain::name(r.proof));
  put(map, "detail", r.detail);
  put_time(map, "at", r.at);
  if (r.price) map["price"] = number(r.price->micros);
  if (r.segments) map["segments"] = number(*r.segments);
  return {{"M", std::move(map)}};
}

std::optional<domain::Receipt> receipt_of(const Item& map) {
  const auto outcome = domain::parse_receipt_outcome(text_of(map, "outcome"));
  if (!outcome) return std::nullopt;
  domain::Receipt r;
  r.carrier = text_of(map, "carrier");
  r.message_id = text_of(map, "message_id");
  r.outcome = *outcome;
  r.proof = domain::parse_proof(text_of(map, "proof")).value_or(domain::Proof::none);
  r.detail = text_of(map, "detail");
  r.at = time_of(map, "at").value_or(domain::TimePoint{});
  if (const auto price = optional_number(map, "price")) r.price = domain::Money{*price};
  if (const auto segments = optional_number(map, "segments"))
    r.segments = static_cast<int>(*segments);
  return r;
}

}  // namespace postrider::adapters::aws::dynamodb
