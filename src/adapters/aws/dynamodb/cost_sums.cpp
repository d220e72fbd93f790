#include "adapters/aws/dynamodb/cost_sums.hpp"

#include <algorithm>

#include "adapters/aws/dynamodb/database/update.hpp"
#include "adapters/aws/dynamodb/notification_item.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::State;
using ports::CostLine;

constexpr char separator = '\x1f';  // in no code, name or country

std::string sums_of(int month) { return "cost#" + std::to_string(month); }

std::string sk_of(const CostSums::Key& key) {
  const auto& [day, country, status, carrier] = key;
  return std::to_string(day) + separator + country + separator + status + separator + carrier;
}

void add_line(CostSums::Changes& changes, const CostLine& line, int sign) {
  auto& sum = changes[{line.day, line.country, line.status, line.carrier}];
  sum.messages += sign * line.messages;
  sum.segments += sign * line.segments;
  sum.saved += sign * line.saved;
  sum.spent += line.spent * sign;
  sum.reserved += line.reserved * sign;
}

std::string cut(std::string& text) {
  const auto end = std::min(text.find(separator), text.size());
  auto part = text.substr(0, end);
  text.erase(0, end + 1);
  return part;
}

CostLine line_in(const Item& item) {
  CostLine line;
  auto key = text_of(item, "sk");
  line.day = std::atoi(cut(key).c_str());
  line.country = cut(key);
  line.status = cut(key);
  line.carrier = cut(key);
  line.messages = number_of(item, "messages");
  line.segments = number_of(item, "segments");
  line.saved = number_of(item, "saved");
  line.spent = money_of(item, "spent");
  line.reserved = money_of(item, "reserved");
  return line;
}

}  // namespace

CostLine cost_line(const Item& item) {
  CostLine line;
  line.day = static_cast<int>(number_of(item, "budget_day"));
  line.country = text_of(item, "country");
  line.status = text_of(item, "status");
  const auto attempts = number_of(item, "attempts");
  for (int no = 1; no <= attempts; ++no) {
    const auto& attempt = map_of(item, submission_name(no));
    if (text_of(attempt, "channel") == domain::name(domain::Channel::sms) &&
        text_of(attempt, "outcome") != domain::name(domain::Submitted::refused))
      line.carrier = text_of(attempt, "carrier");
  }
  line.messages = 1;
  line.segments = number_of(item, "segments");
  line.saved = std::max<std::int64_t>(number_of(item, "plain_segments") - line.segments, 0);
  line.spent = money_of(item, "spent");
  line.reserved = money_of(item, "reserved");
  return line;
}

void CostSums::add(Changes& changes, const domain::Change& change, const Item& after) {
  auto line = cost_line(after);
  if (line.day != 0 && text_of(after, "state") != domain::name(State::sending_sms))
    add_line(changes, line, 1);
  if (change.budget_day == 0 || change.from == State::sending_sms) return;
  line.day = change.budget_day;
  line.reserved = change.reserved;
  line.spent = change.charged;
  add_line(changes, line, -1);
}

domain::Result<domain::Done> CostSums::write(const Changes& changes) {
  std::vector<Write> writes;
  for (const auto& [key, sum] : changes) {
    const bool same =
        sum.messages == 0 && sum.spent == domain::Money{} && sum.reserved == domain::Money{};
    if (same) continue;
    Update update{database_.tables().guard,
                  guard_key(sums_of(domain::month_of(std::get<0>(key))), sk_of(key))};
    update.add("messages", sum.messages)
        .add("segments", sum.segments)
        .add("saved", sum.saved)
        .add("spent", sum.spent.micros)
        .add("reserved", sum.reserved.micros);
    writes.push_back({"UpdateItem", update.request("NONE"), Repeat::if_refused});
  }
  for (const auto& outcome : database_.write(writes))
    if (!outcome.done()) return outcome.error;
  return domain::Done{};
}

domain::Result<std::vector<CostLine>> CostSums::read(int first, int last) {
  std::vector<CostLine> lines;
  for (int month = domain::month_of(first); month <= domain::month_of(last);
       month = domain::next_month(month)) {
    const Json request{
        {"TableName", database_.tables().guard},
        {"KeyConditionExpression", "#pk = :pk AND #sk BETWEEN :first AND :last"},
        {"ConsistentRead", true},
        {"ExpressionAttributeNames", {{"#pk", "pk"}, {"#sk", "sk"}}},
        {"ExpressionAttributeValues",
         {{":pk", text(sums_of(month))},
          {":first", text(std::to_string(first))},
          {":last", text(std::to_string(last) + static_cast<char>(separator + 1))}}}};
    const auto items = database_.query(request, static_cast<std::size_t>(-1));
    if (!items) return items.error();
    for (const auto& item : *items) {
      const auto line = line_in(item);
      if (line.messages != 0) lines.push_back(line);
    }
  }
  return lines;
}

}  // namespace postrider::adapters::aws::dynamodb
