#include "adapters/aws/dynamodb/customer_directory.hpp"

#include <algorithm>

#include "adapters/aws/dynamodb/customer_keys.hpp"
#include "adapters/aws/dynamodb/database/update.hpp"
#include "adapters/aws/dynamodb/notification_item.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

using domain::Customer;

std::optional<std::string> unless_empty(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

Customer customer_of(const Item& item, const std::string& shop) {
  Customer c;
  c.id = text_of(item, "customer_id");
  if (shop != default_shop) c.id.erase(0, shop.size() + 1);
  c.contact.phone = unless_empty(text_of(item, "phone"));
  // The attribute's name in tables of the original design.
  if (!c.contact.phone) c.contact.phone = unless_empty(text_of(item, "phone_number"));
  c.contact.email = unless_empty(text_of(item, "email"));
  c.contact.locale = unless_empty(text_of(item, "locale"));
  c.contact.time_zone = unless_empty(text_of(item, "time_zone"));
  c.contact.region = unless_empty(text_of(item, "region"));
  c.phone.e164 = text_of(item, "e164");
  c.phone.problem = domain::phone_reason(text_of(item, "phone_problem"));
  c.sms_opt_in = optional_flag(item, "sms_opt_in").value_or(true);
  c.email_opt_in = optional_flag(item, "email_opt_in").value_or(true);
  return c;
}

bool is_of(const Item& item, const std::string& shop) {
  const auto id = text_of(item, "customer_id");
  if (shop == default_shop) return id.find(shop_separator) == std::string::npos;
  return id.starts_with(shop + shop_separator);
}

/// Replaces the members that the document has; consent that it does not mention stays as it is.
Write put_write(const std::string& table, const std::string& shop, const Customer& c,
                domain::TimePoint now) {
  Update update{table, customer_key(shop, c.id)};
  Item values = Json::object();
  put(values, "phone", c.contact.phone.value_or(""));
  put(values, "email", c.contact.email.value_or(""));
  put(values, "locale", c.contact.locale.value_or(""));
  put(values, "time_zone", c.contact.time_zone.value_or(""));
  put(values, "region", c.contact.region.value_or(""));
  put(values, "e164", c.phone.e164);
  put(values, "phone_problem", domain::phone_problem(c.phone.problem));
  for (const char* name :
       {"phone", "phone_number", "email", "locale", "time_zone", "region", "e164", "phone_problem"})
    update.set_or_remove(name, values);
  if (c.sms_opt_in) update.set("sms_opt_in", flag(*c.sms_opt_in));
  if (c.email_opt_in) update.set("email_opt_in", flag(*c.email_opt_in));
  update.set("updated_at", number(domain::to_unix_ms(now)));
  return {"UpdateItem", update.request("NONE"), Repeat::safe};
}

domain::Result<domain::Done> done_or_refused(const std::vector<WriteOutcome>& outcomes) {
  for (const auto& outcome : outcomes)
    if (!outcome.done() && !outcome.refused()) return outcome.error;
  return domain::Done{};
}

Json put_request(const std::string& table, Item item, const char* condition) {
  Json request{{"TableName", table}, {"Item", std::move(item)}};
  if (condition != nullptr) {
    request["ConditionExpression"] = condition;
    request["ExpressionAttributeNames"] = {{"#pk", "pk"}};
  }
  return request;
}

}  // namespace

domain::Result<std::vector<std::optional<Customer>>> DynamoDbCustomerDirectory::find(
    const std::string& shop, std::span<const std::string> ids) {
  std::vector<Key> keys;
  for (const auto& id : ids) keys.push_back({database_.tables().customers, customer_key(shop, id)});
  const auto items = database_.get(keys);
  if (!items) return items.error();
  std::vector<std::optional<Customer>> found;
  for (const auto& item : *items)
    found.push_back(item ? std::optional{customer_of(*item, shop)} : std::nullopt);
  return found;
}

domain::Result<std::vector<Customer>> DynamoDbCustomerDirectory::list(const std::string& shop,
                                                                      int limit,
                                                                      const std::string& cursor) {
  const auto items =
      database_.scan({{"TableName", database_.tables().customers}, {"ConsistentRead", true}});
  if (!items) return items.error();
  std::vector<Customer> page;
  for (const auto& item : *items) {
    if (!is_of(item, shop)) continue;
    auto customer = customer_of(item, shop);
    if (customer.id > cursor) page.push_back(std::move(customer));
  }
  std::sort(page.begin(), page.end(),
            [](const Customer& a, const Customer& b) { return a.id < b.id; });
  if (page.size() > static_cast<std::size_t>(limit)) page.resize(static_cast<std::size_t>(limit));
  return page;
}

domain::Result<domain::Done> DynamoDbCustomerDirectory::put(const std::string& shop,
                                                            std::span<const Customer> customers,
                                                            domain::TimePoint now) {
  std::vector<Write> writes;
  for (const auto& c : customers)
    writes.push_back(put_write(database_.tables().customers, shop, c, now));
  return done_or_refused(database_.write(writes));
}

domain::Result<bool> DynamoDbCustomerDirectory::erase(const std::string& shop,
                                                      const std::string& id) {
  const auto outcome = database_.write({"DeleteItem",
                                        {{"TableName", database_.tables().customers},
                                         {"Key", customer_key(shop, id)},
                                         {"ReturnValues", "ALL_OLD"}},
                                        Repeat::safe});
  if (!outcome.done()) return outcome.error;
  return !outcome.item.empty();
}

/// True for each opt-out that a later opt-in has lifted. An opt-in within the moment until the
/// opt-out is written is not seen: then the opt-out stands, which sends nothing.
domain::Result<std::vector<bool>> DynamoDbCustomerDirectory::lifted_ones(
    std::span<const ports::OptOut> numbers) {
  std::vector<Key> keys;
  for (const auto& one : numbers) keys.push_back({database_.tables().guard, opt_in_key(one.phone)});
  const auto opt_ins = database_.get(keys);
  if (!opt_ins) return opt_ins.error();
  std::vector<bool> lifted;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto& opt_in = (*opt_ins)[i];
    lifted.push_back(opt_in && domain::is_lifted(numbers[i].at, time_of(*opt_in, "at")));
  }
  return lifted;
}

domain::Result<domain::Done> DynamoDbCustomerDirectory::opt_out(
    std::span<const ports::OptOut> numbers) {
  const auto lifted = lifted_ones(numbers);
  if (!lifted) return lifted.error();
  std::vector<Write> writes;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if ((*lifted)[i]) continue;
    const auto& number_ = numbers[i];
    Item item = opt_out_key(number_.phone);
    dynamodb::put(item, "source", number_.source);
    put_time(item, "at", number_.at);
    writes.push_back(
        {"PutItem",
         put_request(database_.tables().guard, std::move(item), "attribute_not_exists(#pk)"),
         Repeat::safe});
  }
  return done_or_refused(database_.write(writes));
}

domain::Result<bool> DynamoDbCustomerDirectory::opt_in(const std::string& phone,
                                                       domain::TimePoint now) {
  Item opted_in = opt_in_key(phone);
  put_time(opted_in, "at", now);
  // A notification that is no longer kept gets no receipt.
  dynamodb::put(opted_in, "ttl", ttl_of(now, database_.retention()));
  const auto kept = database_.write(
      {"PutItem", put_request(database_.tables().guard, std::move(opted_in), nullptr),
       Repeat::safe});
  if (!kept.done()) return kept.error;
  // An opt-out that came meanwhile stands. One without a time is from before times were kept.
  const auto outcome =
      database_.write({"DeleteItem",
                       {{"TableName", database_.tables().guard},
                        {"Key", opt_out_key(phone)},
                        {"ConditionExpression", "attribute_not_exists(#at) OR #at <= :now"},
                        {"ExpressionAttributeNames", {{"#at", "at"}}},
                        {"ExpressionAttributeValues", {{":now", number(domain::to_unix_ms(now))}}},
                        {"ReturnValues", "ALL_OLD"}},
                       Repeat::safe});
  if (outcome.refused()) return false;
  if (!outcome.done()) return outcome.error;
  return !outcome.item.empty();
}

domain::Result<std::vector<bool>> DynamoDbCustomerDirectory::opted_out(
    std::span<const std::string> phones) {
  std::vector<Key> keys;
  for (const auto& phone : phones) keys.push_back({database_.tables().guard, opt_out_key(phone)});
  const auto items = database_.get(keys);
  if (!items) return items.error();
  std::vector<bool> out;
  for (const auto& item : *items) out.push_back(item.has_value());
  return out;
}

domain::Result<std::vector<ports::OptOut>> DynamoDbCustomerDirectory::list_opt_outs(
    int limit, const std::string& cursor) {
  std::vector<ports::OptOut> page;
  for (int shard = 0; shard < opt_out_shards; ++shard) {
    const auto items = database_.query(
        {{"TableName", database_.tables().guard},
         {"ConsistentRead", true},
         {"KeyConditionExpression", "#pk = :pk AND #sk > :cursor"},
         {"ExpressionAttributeNames", {{"#pk", "pk"}, {"#sk", "sk"}}},
         {"ExpressionAttributeValues",
          {{":pk", text(opt_out_pk(shard))}, {":cursor", text(cursor.empty() ? "+" : cursor)}}}},
        static_cast<std::size_t>(limit));
    if (!items) return items.error();
    for (const auto& item : *items)
      page.push_back({text_of(item, "sk"), text_of(item, "source"),
                      time_of(item, "at").value_or(domain::TimePoint{})});
  }
  std::sort(page.begin(), page.end(),
            [](const auto& a, const auto& b) { return a.phone < b.phone; });
  if (page.size() > static_cast<std::size_t>(limit)) page.resize(static_cast<std::size_t>(limit));
  return page;
}

domain::Result<domain::Done> DynamoDbCustomerDirectory::block(
    std::span<const ports::BlockedAddress> addresses) {
  // A complaint replaces a bounce, in whichever order the two come.
  std::vector<Write> bounces, complaints;
  for (const auto& address : addresses) {
    Item item = blocked_key(address.email);
    dynamodb::put(item, "reason", address.reason);
    put_time(item, "at", address.at);
    const bool complaint = address.reason == "complaint";
    (complaint ? complaints : bounces)
        .push_back({"PutItem",
                    put_request(database_.tables().guard, std::move(item),
                                complaint ? nullptr : "attribute_not_exists(#pk)"),
                    Repeat::safe});
  }
  const auto bounced = done_or_refused(database_.write(bounces));
  if (!bounced) return bounced;
  return done_or_refused(database_.write(complaints));
}

domain::Result<bool> DynamoDbCustomerDirectory::unblock_bounced(const std::string& email) {
  const auto outcome =
      database_.write({"DeleteItem",
                       {{"TableName", database_.tables().guard},
                        {"Key", blocked_key(email)},
                        {"ConditionExpression", "#reason = :bounce"},
                        {"ExpressionAttributeNames", {{"#reason", "reason"}}},
                        {"ExpressionAttributeValues", {{":bounce", text("bounce")}}}},
                       Repeat::safe});
  if (outcome.done()) return true;
  if (outcome.refused()) return false;
  return outcome.error;
}

}  // namespace postrider::adapters::aws::dynamodb
