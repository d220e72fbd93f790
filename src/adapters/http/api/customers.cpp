// PUT, GET and DELETE /v1/customers/{id}, and POST /v1/customers as NDJSON.
#include <deque>

#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/server/json_text.hpp"

namespace postrider::adapters::http {
namespace {

using domain::Customer;
using message::FieldError;

constexpr std::string_view customer_path = "/v1/customers/{id}";
constexpr std::string_view customers_path = "/v1/customers";
constexpr std::string_view no_such_customer = "there is no customer with this id";

Json given_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json customer_json(const Customer& c) {
  return {{"id", c.id},
          {"phone", given_or_null(c.contact.phone)},
          {"email", given_or_null(c.contact.email)},
          {"locale", given_or_null(c.contact.locale)},
          {"time_zone", given_or_null(c.contact.time_zone)},
          {"region", given_or_null(c.contact.region)},
          {"sms_opt_in", c.sms_opt_in.value_or(true)},
          {"email_opt_in", c.email_opt_in.value_or(true)},
          {"e164", or_null(c.phone.e164)},
          {"phone_problem", or_null(domain::phone_problem(c.phone.problem))}};
}

bool valid_id(const std::string& id) {
  return !id.empty() && id.size() <= domain::EventLimits::customer_id;
}

Response put_customer(const Services& services, const Call& call) {
  if (media_of(call.request.head.field("Content-Type")) != Media::json)
    return unsupported_media("send the customer as application/json");
  if (!valid_id(call.id))
    return refuse({.status = 422,
                   .code = "too_long",
                   .hint = "a customer's id may have 128 bytes",
                   .pointer = "/id"});
  auto parsed = thread_reader().customer(call.request.body, call.id, services.default_region);
  if (const auto* error = std::get_if<FieldError>(&parsed)) return refuse(*error);
  const auto& customer = std::get<Customer>(parsed);
  const auto done =
      services.storage.customers.put(call.key.shop, std::span{&customer, 1}, services.clock.now());
  if (!done) return refuse(done.error());
  const Json json{
      {"phone_valid", customer.contact.phone ? Json(!customer.phone.e164.empty()) : Json(nullptr)},
      {"phone_problem", or_null(domain::phone_problem(customer.phone.problem))}};
  return json_answer(200, dump(json));
}

Response get_customer(const Services& services, const Call& call) {
  if (!valid_id(call.id)) return not_found(no_such_customer);
  const auto found = services.storage.customers.find(call.key.shop, std::span{&call.id, 1});
  if (!found) return refuse(found.error());
  if (!found->front()) return not_found(no_such_customer);
  return json_answer(200, dump(customer_json(*found->front())));
}

Response list_customers(const Services& services, const Call& call) {
  const auto wanted = page_request(call.query);
  if (const auto* refusal = std::get_if<Response>(&wanted)) return *refusal;
  const auto& [limit, cursor] = std::get<PageRequest>(wanted);
  const auto page = services.storage.customers.list(call.key.shop, limit, cursor);
  if (!page) return refuse_page(page.error());
  Json json{{"customers", Json::array()}};
  for (const auto& customer : *page) json["customers"].push_back(customer_json(customer));
  const bool more = static_cast<int>(page->size()) == limit;
  json["next_cursor"] = more ? Json(page->back().id) : Json(nullptr);
  return json_answer(200, dump(json));
}

Response erase_customer(const Services& services, const Call& call) {
  if (!valid_id(call.id)) return not_found(no_such_customer);
  const auto found = services.storage.customers.find(call.key.shop, {&call.id, 1});
  if (!found) return refuse(found.error());
  if (!found->front()) return not_found(no_such_customer);
  // The audit row is written first: an erasure without its row must not exist, a row without its
  // erasure may. The row has no customer id, because an id names a person, and an erasure leaves it
  // nowhere.
  const ports::AuditEntry entry{services.clock.now(), call.key.name, "customer.erase", ""};
  const auto audited = services.storage.audit.append(std::span{&entry, 1});
  if (!audited) return refuse(audited.error());
  const auto erased = services.storage.customers.erase(call.key.shop, call.id);
  if (!erased) return refuse(erased.error());
  Response response;
  response.status = 204;
  return response;
}

/// The handler of customers as NDJSON: one transaction a slice, on a thread for blocking work.
class CustomerLines final : public LineHandler {
 public:
  CustomerLines(const Services& services, BlockingPool& pool, std::string shop)
      : services_{services}, pool_{pool}, shop_{std::move(shop)} {}

  asio::awaitable<void> take(std::span<const Line> lines) override {
    auto& out = answers_.emplace_back();
    const std::function<void()> job = [this, lines, &out] { store(lines, out); };
    const bool ran = co_await pool_.run(job);
    if (!ran) fail_all(lines, domain::ErrorKind::unavailable, out);
  }

  asio::awaitable<void> answer(std::string& out) override {
    out += answers_.front();
    answers_.pop_front();
    co_return;
  }

 private:
  void store(std::span<const Line> lines, std::string& out) {
    std::vector<Customer> customers;
    std::vector<std::variant<std::size_t, FieldError>> results;  // index of the customer
    for (const auto& line : lines) {
      if (line.too_long) {
        results.emplace_back(FieldError{"line_too_long", "", "one customer may have 256 KiB"});
        continue;
      }
      auto parsed = reader_.customer(line.text, "", services_.default_region);
      if (auto* error = std::get_if<FieldError>(&parsed)) {
        results.emplace_back(std::move(*error));
        continue;
      }
      results.emplace_back(customers.size());
      customers.push_back(std::move(std::get<Customer>(parsed)));
    }
    std::optional<domain::ErrorKind> failed;
    if (!customers.empty()) {
      const auto done = services_.storage.customers.put(shop_, customers, services_.clock.now());
      if (!done) failed = done.error().kind;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (const auto* error = std::get_if<FieldError>(&results[i])) {
        append_error_line(out, lines[i].number, error->code, error->pointer, error->hint);
      } else if (failed) {
        fail_all(lines.subspan(i, 1), *failed, out);
      } else {
        append_stored(out, lines[i].number, customers[std::get<std::size_t>(results[i])]);
      }
    }
  }

  static void fail_all(std::span<const Line> lines, domain::ErrorKind kind, std::string& out) {
    for (const auto& line : lines)
      append_error_line(out, line.number, code_of(kind), "", hint_of(kind));
  }

  static void append_stored(std::string& out, std::size_t line, const Customer& customer) {
    out += "{\"line\":" + std::to_string(line) + ",\"id\":";
    append_json(out, customer.id);
    out += ",\"phone_problem\":";
    const auto problem = domain::phone_problem(customer.phone.problem);
    if (problem.empty()) {
      out += "null";
    } else {
      append_json(out, problem);
    }
    out += "}\n";
  }

  const Services& services_;
  BlockingPool& pool_;
  std::string shop_;
  message::JsonReader reader_;  // used by one thread at a time: take() calls do not overlap
  std::deque<std::string> answers_;
};

}  // namespace

void add_customers(Router& router, const Services& services) {
  router.add(Method::put, customer_path, Access::live_key,
             [&services](const Call& call) { return put_customer(services, call); });
  router.add(Method::get, customer_path, Access::live_key,
             [&services](const Call& call) { return get_customer(services, call); });
  router.add(Method::get, customers_path, Access::live_key,
             [&services](const Call& call) { return list_customers(services, call); });
  router.add(Method::erase, customer_path, Access::live_key,
             [&services](const Call& call) { return erase_customer(services, call); });
}

void add_customer_lines(Router& router, const Services& services, Server& server) {
  router.add_choice(
      Method::post, customers_path, Access::live_key,
      [&services, &server](const Head& head, const KeyInfo& key, const std::string&) -> Choice {
        if (media_of(head.field("Content-Type")) != Media::ndjson)
          return {customers_path,
                  unsupported_media("send customers as application/x-ndjson, one a line")};
        return {customers_path, StreamHandler{[&services, &server, shop = key.shop] {
                  return std::make_unique<CustomerLines>(services, server.pool(), shop);
                }}};
      });
}

}  // namespace postrider::adapters::http
