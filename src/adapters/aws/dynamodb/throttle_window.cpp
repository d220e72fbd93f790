#include "adapters/aws/dynamodb/throttle_window.hpp"

#include <algorithm>

#include "domain/limits/item_limits.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

// The time to live after the last notification: longer than any window, and there is no hurry.
constexpr std::chrono::hours keep{48};

}  // namespace

Json ThrottleWindow::key_of(const domain::Notification& n) {
  // The separator can't be in a name: control characters are refused at intake.
  return guard_key("throttle#" + std::string{n.mode == domain::Mode::test ? "test" : "live"} + "#" +
                       n.shop + "\x1f" + domain::person_of(n),
                   "-");
}

ThrottleWindow::ThrottleWindow(const std::optional<Item>& item) {
  if (!item) return;
  version_ = number_of(*item, "version");
  for (const auto& time : list_of(*item, "times"))
    if (const auto ms = optional_number(Json{{"t", time}}, "t"))
      times_.push_back(domain::from_unix_ms(*ms));
  std::sort(times_.begin(), times_.end());
}

std::optional<domain::TimePoint> ThrottleWindow::room_for(const domain::Notification& n,
                                                          const domain::Throttle& throttle) {
  const auto start = n.created_at - throttle.window;
  times_.erase(times_.begin(), std::upper_bound(times_.begin(), times_.end(), start));
  return domain::throttle_room(times_, n, throttle);
}

void ThrottleWindow::add(domain::TimePoint time) {
  times_.insert(std::upper_bound(times_.begin(), times_.end(), time), time);
  if (times_.size() > domain::max_throttle_times) times_.erase(times_.begin());
}

void ThrottleWindow::take_out(domain::TimePoint time) {
  const auto found = std::find(times_.begin(), times_.end(), time);
  if (found != times_.end()) times_.erase(found);
}

Json ThrottleWindow::put_request(const Database& database, const Json& key) const {
  Item item = key;
  Json times = Json::array();
  for (const auto time : times_) times.push_back(number(domain::to_unix_ms(time)));
  item["times"] = list(std::move(times));
  item["version"] = number(version_ + 1);
  const auto last = times_.empty() ? database.now() : std::max(times_.back(), database.now());
  item["ttl"] = number(domain::to_unix_ms(last + keep) / 1000);
  const auto now = number(domain::to_unix_ms(database.now()) / 1000);
  Json request{{"TableName", database.tables().guard},
               {"Item", std::move(item)},
               {"ExpressionAttributeNames", {{"#pk", "pk"}}}};
  if (version_ == 0) {
    // DynamoDB deletes an item over its time within days, not at once.
    request["ConditionExpression"] = "attribute_not_exists(#pk) OR #ttl <= :now";
    request["ExpressionAttributeNames"] = {{"#pk", "pk"}, {"#ttl", "ttl"}};
    request["ExpressionAttributeValues"] = {{":now", now}};
  } else {
    request["ConditionExpression"] = "#version = :version";
    request["ExpressionAttributeNames"] = {{"#version", "version"}};
    request["ExpressionAttributeValues"] = {{":version", number(version_)}};
  }
  return request;
}

}  // namespace postrider::adapters::aws::dynamodb
