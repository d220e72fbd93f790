#include "adapters/aws/dynamodb/budget.hpp"

#include <optional>

#include "adapters/aws/dynamodb/database/update.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Money;

constexpr int budget_tries = 50;  // a failed one means that another worker got through

Json key_of(int month) { return guard_key("budget#" + std::to_string(month), "-"); }
std::string day_name(int day) { return "day_" + std::to_string(day); }
constexpr std::string_view open_prefix = "open_";
std::string open_name(const std::string& id) { return std::string{open_prefix} + id; }

domain::MoneyUsed used_in(const Item& item, int day) {
  return {money_of(item, "used"), money_of(item, day_name(day))};
}

/// Refuses the wishes that do not fit, in order, and returns the sum of the others. Without `used`
/// all are taken to fit.
Money choose(std::span<Wish> wishes, std::optional<domain::MoneyUsed> used,
             const domain::Limits& limits) {
  Money sum;
  for (auto& wish : wishes) {
    wish.refused =
        used ? domain::over_limit({used->month + sum, used->day + sum}, wish.amount, limits)
             : domain::Reason::none;
    if (wish.refused == domain::Reason::none) sum += wish.amount;
  }
  return sum;
}

/// The note of an open reservation in the item.
Json open_value(domain::TimePoint now, const Reservation& reservation,
                std::span<const Wish> wishes) {
  Json ids = Json::array();
  for (const auto& wish : wishes)
    if (wish.refused == domain::Reason::none) ids.push_back(text(wish.holder));
  return {{"M",
           {{"at", number(domain::to_unix_ms(now))},
            {"day", number(reservation.day)},
            {"amount", number(reservation.amount.micros)},
            {"for", list(std::move(ids))}}}};
}

}  // namespace

domain::Result<Item> Budget::read(int month) {
  const Key key{database_.tables().guard, key_of(month)};
  auto found = database_.get({&key, 1});
  if (!found) return found.error();
  return found->front().value_or(Json::object());
}

domain::Result<Reservation> Budget::reserve(int day, std::span<Wish> wishes,
                                            const domain::Limits& limits) {
  Reservation reservation;
  reservation.day = day;
  const auto id = database_.fresh_token();
  const int month = domain::month_of(day);
  std::optional<domain::MoneyUsed> used;
  for (int tries = 0; tries < budget_tries; ++tries) {
    const Money sum = reservation.amount = choose(wishes, used, limits);
    const bool too_much =
        domain::over_limit({}, sum, limits) != domain::Reason::none;  // whatever is used
    if (too_much && !used) {
      auto item = read(month);
      if (!item) return item.error();
      used = used_in(*item, day);
      continue;
    }
    if (sum == Money{}) return reservation;
    Update update{database_.tables().guard, key_of(month)};
    update.add("used", sum.micros).add("reserved", sum.micros).add(day_name(day), sum.micros);
    update.set(open_name(id), open_value(database_.now(), reservation, wishes));
    update.require("attribute_not_exists(" + update.name(open_name(id)) + ")");
    const auto below = [&](const std::string& name, Money limit) {
      const auto alias = update.name(name);
      update.require("attribute_not_exists(" + alias + ") OR " + alias +
                     " <= " + update.value(number((limit - sum).micros)));
    };
    below("used", limits.monthly);
    if (limits.daily) below(day_name(day), *limits.daily);
    auto outcome = database_.write({"UpdateItem", update.request("NONE"), Repeat::safe});
    if (outcome.done()) {
      reservation.id = id;
      return reservation;
    }
    if (!outcome.refused()) return outcome.error;
    const auto& item = outcome.found.front();
    if (item.contains(open_name(id))) {  // an answer was lost: the reservation is ours
      reservation.id = id;
      return reservation;
    }
    used = used_in(item, day);
  }
  return domain::Error{domain::ErrorKind::unavailable, "the month's budget is too busy"};
}

domain::Result<domain::Done> Budget::close(const Reservation& reservation, Money unused) {
  if (reservation.id.empty()) return domain::Done{};
  Update update{database_.tables().guard, key_of(domain::month_of(reservation.day))};
  update.remove(open_name(reservation.id));
  update.add("used", -unused.micros)
      .add("reserved", -unused.micros)
      .add(day_name(reservation.day), -unused.micros);
  update.require("attribute_exists(" + update.name(open_name(reservation.id)) + ")");
  const auto outcome = database_.write({"UpdateItem", update.request("NONE"), Repeat::safe});
  if (outcome.done() || outcome.refused()) return domain::Done{};  // refused: closed before
  return outcome.error;
}

domain::Result<std::vector<OpenReservation>> Budget::abandoned(int month,
                                                               domain::TimePoint before) {
  const auto item = read(month);
  if (!item) return item.error();
  std::vector<OpenReservation> reservations;
  for (const auto& [name, value] : item->items()) {
    if (!name.starts_with(open_prefix)) continue;
    const auto& note = map_of(*item, name);
    if (time_of(note, "at").value_or(before) >= before) continue;
    OpenReservation open;
    open.reservation.id = name.substr(open_prefix.size());
    open.reservation.day = static_cast<int>(number_of(note, "day"));
    open.reservation.amount = money_of(note, "amount");
    for (const auto& id : list_of(note, "for")) open.holders.push_back(id.value("S", ""));
    reservations.push_back(std::move(open));
  }
  return reservations;
}

domain::Result<domain::Done> Budget::settle(std::span<const domain::BudgetEffect> by_day) {
  std::vector<Write> writes;
  for (const auto& effect : by_day) {
    if (effect.none()) continue;
    Update update{database_.tables().guard, key_of(domain::month_of(effect.day))};
    update.add("reserved", effect.reserved.micros)
        .add("spent", effect.spent.micros)
        .add("used", effect.used().micros)
        .add(day_name(effect.day), effect.used().micros);
    // A repeated write is harmless where it counts too much, and wrong where it counts too little.
    const auto repeat = effect.used() > Money{} ? Repeat::safe : Repeat::if_refused;
    writes.push_back({"UpdateItem", update.request("NONE"), repeat});
  }
  for (const auto& outcome : database_.write(writes))
    if (!outcome.done()) return outcome.error;
  return domain::Done{};
}

domain::Result<ports::BudgetStatus> Budget::status(int month) {
  const auto item = read(month);
  if (!item) return item.error();
  return ports::BudgetStatus{money_of(*item, "spent"), money_of(*item, "reserved")};
}

}  // namespace postrider::adapters::aws::dynamodb
