#include <iostream>
#include <nlohmann/json.hpp>

#include "programs/cli/commands.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using json = nlohmann::ordered_json;

struct CustomersOptions {
  ServerOptions server;
  std::string id;
};

std::string path_of(const std::string& id) { return "/v1/customers/" + url_encode(id); }

void print_customer(const json& customer) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [field, value] : customer.items())
    if (!value.is_null()) rows.push_back({field, text_of(customer, field.c_str())});
  std::cout << table(rows);
}

void show_customer(const CustomersOptions& o) {
  const auto client = make_client(o.server);
  const json customer = ask(*client, "GET", path_of(o.id));
  if (o.server.json)
    std::cout << dump(customer) << "\n";
  else
    print_customer(customer);
}

void erase_customer(const CustomersOptions& o) {
  const auto client = make_client(o.server);
  const json answer = ask(*client, "DELETE", path_of(o.id));
  if (o.server.json)
    std::cout << dump(answer) << "\n";
  else
    std::cout << "erased; notifications stay until their retention ends, an opt-out stays\n";
}

/// All notifications of one customer, page by page.
json notifications_of(Client& client, const std::string& customer) {
  json all = json::array();
  std::string cursor;
  do {
    const json page =
        ask(client, "GET",
            with_query("/v1/notifications",
                       {{"customer_id", customer}, {"limit", "500"}, {"cursor", cursor}}));
    for (const auto& n : items_of(page))
      all.push_back(ask(client, "GET", "/v1/notifications/" + url_encode(text_of(n, "id"))));
    cursor = text_of(page, "next_cursor");
  } while (!cursor.empty());
  return all;
}

/// Prints one customer's data as one JSON document.
void export_customer(Client& client, const std::string& id) {
  const json customer = ask(client, "GET", path_of(id));
  std::cout << dump(json{{"customer", customer}, {"notifications", notifications_of(client, id)}})
            << "\n";
}

/// Prints all customers, a JSON document a line, as `customers import` reads them.
void export_customers(Client& client) {
  std::string cursor;
  do {
    const json page =
        ask(client, "GET", with_query("/v1/customers", {{"limit", "500"}, {"cursor", cursor}}));
    for (const auto& customer : items_of(page)) std::cout << dump(customer) << "\n";
    cursor = text_of(page, "next_cursor");
  } while (!cursor.empty());
}

}  // namespace

void add_customers_command(CLI::App& app, int& exit_code) {
  auto* customers = app.add_subcommand("customers", "Customers' contacts and preferences");
  customers->require_subcommand(1);
  add_customers_import(*customers, exit_code);

  const auto add = [&](const char* name, const char* doc, bool needs_id, auto run) {
    auto options = std::make_shared<CustomersOptions>();
    auto* command = customers->add_subcommand(name, doc);
    add_server_options(*command, options->server);
    command->add_option("ID", options->id, "the shop's id of the customer")->required(needs_id);
    command->callback([options, run, &exit_code] {
      run(*options);
      exit_code = exit_done;
    });
  };
  add("show", "Show one customer's preferences", true, show_customer);
  add("erase", "Erase one customer's preferences; notifications and opt-outs stay", true,
      erase_customer);
  add("export", "Print all data of one customer (JSON), or all customers (NDJSON)", false,
      [](const CustomersOptions& o) {
        const auto client = make_client(o.server);
        if (o.id.empty())
          export_customers(*client);
        else
          export_customer(*client, o.id);
      });
}

}  // namespace postrider::programs
