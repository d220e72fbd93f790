#include "ports/telemetry.hpp"

#include <array>

namespace postrider::ports {
namespace {

constexpr std::array<std::string_view, counter_count> counter_names{"events_accepted",
                                                                    "events_duplicate",
                                                                    "events_refused",
                                                                    "events_conflict",
                                                                    "sms_submitted",
                                                                    "sms_refused",
                                                                    "sms_unknown",
                                                                    "sms_throttled",
                                                                    "sms_segments",
                                                                    "receipts_delivered",
                                                                    "receipts_failed",
                                                                    "receipts_unmatched",
                                                                    "receipts_late",
                                                                    "emails_sent",
                                                                    "emails_retried",
                                                                    "dead_letters",
                                                                    "deferred",
                                                                    "superseded",
                                                                    "no_contact",
                                                                    "fallbacks",
                                                                    "account_problems",
                                                                    "rescued",
                                                                    "spend_micros",
                                                                    "sms_over_limit",
                                                                    "sms_price_unknown",
                                                                    "sms_overcharged",
                                                                    "sms_over_velocity",
                                                                    "budget_80_percent",
                                                                    "budget_used_up",
                                                                    "sms_unreachable",
                                                                    "mail_unreachable",
                                                                    "receipts_unknown",
                                                                    "sms_price_implausible",
                                                                    "items_set_aside"};

constexpr std::array<std::string_view, timing_count> timing_names{"sms_latency",
                                                                  "delivery_latency"};

constexpr std::array<std::string_view, 20> field_names{
    "notification_id", "shop",   "state",  "cause",  "carrier", "code",     "count", "total",
    "milliseconds",    "status", "method", "route",  "version", "key_name", "port",  "month",
    "micros",          "path",   "reason", "country"};

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};

}  // namespace

std::string_view name(Counter counter) { return counter_names[static_cast<std::size_t>(counter)]; }
std::string_view name(Timing timing) { return timing_names[static_cast<std::size_t>(timing)]; }
std::string_view name(Field field) { return field_names[static_cast<std::size_t>(field)]; }
std::string_view name(Level level) { return level_names[static_cast<std::size_t>(level)]; }

}  // namespace postrider::ports
