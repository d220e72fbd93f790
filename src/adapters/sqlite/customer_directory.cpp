#include "adapters/sqlite/customer_directory.hpp"

namespace postrider::adapters::sqlite {
namespace {

// An opt-in matters for as long as a carrier may report an opt-out from before it.
constexpr std::chrono::hours receipts_come_within{24 * 400};

using domain::Customer;
using domain::Done;

#define CUSTOMER_COLUMNS                                                                 \
  "SELECT id, phone, email, locale, time_zone, region, e164, phone_problem, sms_opt_in," \
  " email_opt_in FROM customers"
constexpr const char* select_customer = CUSTOMER_COLUMNS " WHERE id = ? AND shop = ?";
constexpr const char* select_customers =
    CUSTOMER_COLUMNS " WHERE id > ? AND shop = ? ORDER BY id LIMIT ?";
#undef CUSTOMER_COLUMNS

constexpr const char* write_customer =
    "INSERT INTO customers(shop, id, phone, email, locale, time_zone, region, e164, phone_problem,"
    " sms_opt_in, email_opt_in, updated_at) "
    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,coalesce(?10,1),coalesce(?11,1),?12)"
    " ON CONFLICT(id, shop) DO UPDATE SET phone = excluded.phone, email = excluded.email,"
    " locale = excluded.locale, time_zone = excluded.time_zone, region = excluded.region,"
    " e164 = excluded.e164, phone_problem = excluded.phone_problem,"
    " sms_opt_in = coalesce(?10, sms_opt_in), email_opt_in = coalesce(?11, email_opt_in),"
    " updated_at = excluded.updated_at";

std::optional<std::string> optional_text(const Query& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.string(column);
}

Customer customer_of(const Query& row) {
  Customer one;
  one.id = row.string(0);
  one.contact = {optional_text(row, 1), optional_text(row, 2), optional_text(row, 3),
                 optional_text(row, 4), optional_text(row, 5)};
  one.phone.e164 = row.text(6);
  one.phone.problem = domain::phone_reason(row.text(7));
  one.sms_opt_in = row.integer(8) != 0;
  one.email_opt_in = row.integer(9) != 0;
  return one;
}

std::optional<domain::TimePoint> opted_in_at(Connection& writer, const std::string& phone) {
  auto row = writer.query("SELECT at FROM opt_ins WHERE phone = ?", phone);
  if (!row.row()) return std::nullopt;
  return row.time(0);
}

}  // namespace

domain::Result<std::vector<std::optional<Customer>>> SqliteCustomerDirectory::find(
    const std::string& shop, std::span<const std::string> ids) {
  return database_.read([&](Connection& reader) {
    std::vector<std::optional<Customer>> found;
    found.reserve(ids.size());
    for (const auto& id : ids) {
      auto& one = found.emplace_back();
      auto row = reader.query(select_customer, id, shop);
      if (row.row()) one = customer_of(row);
    }
    return found;
  });
}

domain::Result<std::vector<Customer>> SqliteCustomerDirectory::list(const std::string& shop,
                                                                    int limit,
                                                                    const std::string& cursor) {
  return database_.read([&](Connection& reader) {
    std::vector<Customer> page;
    auto row = reader.query(select_customers, cursor, shop, limit);
    while (row.row()) page.push_back(customer_of(row));
    return page;
  });
}

domain::Result<Done> SqliteCustomerDirectory::put(const std::string& shop,
                                                  std::span<const Customer> customers,
                                                  domain::TimePoint now) {
  return database_.write(Purpose::intake, [&](Connection& writer) {
    for (const auto& c : customers)
      writer.run(write_customer, shop, c.id, c.contact.phone, c.contact.email, c.contact.locale,
                 c.contact.time_zone, c.contact.region, c.phone.e164,
                 domain::phone_problem(c.phone.problem), c.sms_opt_in, c.email_opt_in, now);
    return Done{};
  });
}

domain::Result<bool> SqliteCustomerDirectory::erase(const std::string& shop,
                                                    const std::string& id) {
  return database_.write(Purpose::erase, [&](Connection& writer) {
    writer.run("DELETE FROM customers WHERE id = ? AND shop = ?", id, shop);
    return writer.changed_rows() > 0;
  });
}

domain::Result<Done> SqliteCustomerDirectory::opt_out(std::span<const ports::OptOut> numbers) {
  return database_.write(Purpose::settle, [&](Connection& writer) {
    for (const auto& number : numbers) {
      if (domain::is_lifted(number.at, opted_in_at(writer, number.phone))) continue;
      writer.run("INSERT INTO opt_outs(phone, source, at) VALUES(?,?,?) ON CONFLICT DO NOTHING",
                 number.phone, number.source, number.at);
    }
    return Done{};
  });
}

domain::Result<bool> SqliteCustomerDirectory::opt_in(const std::string& phone,
                                                     domain::TimePoint now) {
  return database_.write(Purpose::erase, [&](Connection& writer) {
    writer.run("DELETE FROM opt_ins WHERE at < ?", now - receipts_come_within);
    writer.run(
        "INSERT INTO opt_ins(phone, at) VALUES(?,?)"
        " ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
        phone, now);
    writer.run("DELETE FROM opt_outs WHERE phone = ?", phone);
    return writer.changed_rows() > 0;
  });
}

domain::Result<std::vector<bool>> SqliteCustomerDirectory::opted_out(
    std::span<const std::string> phones) {
  return database_.read([&](Connection& reader) {
    std::vector<bool> out;
    out.reserve(phones.size());
    for (const auto& phone : phones) {
      auto row = reader.query("SELECT 1 FROM opt_outs WHERE phone = ?", phone);
      out.push_back(row.row());
    }
    return out;
  });
}

domain::Result<std::vector<ports::OptOut>> SqliteCustomerDirectory::list_opt_outs(
    int limit, const std::string& cursor) {
  return database_.read([&](Connection& reader) {
    std::vector<ports::OptOut> page;
    auto row = reader.query(
        "SELECT phone, source, at FROM opt_outs WHERE phone > ? ORDER BY phone LIMIT ?", cursor,
        limit);
    while (row.row()) page.push_back({row.string(0), row.string(1), row.time(2)});
    return page;
  });
}

domain::Result<Done> SqliteCustomerDirectory::block(
    std::span<const ports::BlockedAddress> addresses) {
  return database_.write(Purpose::settle, [&](Connection& writer) {
    for (const auto& address : addresses)
      writer.run(
          "INSERT INTO blocked_addresses(email, reason, at) VALUES(lower(?),?,?)"
          " ON CONFLICT DO UPDATE SET reason = excluded.reason, at = excluded.at"
          " WHERE excluded.reason = 'complaint' AND reason <> 'complaint'",
          address.email, address.reason, address.at);
    return Done{};
  });
}

domain::Result<bool> SqliteCustomerDirectory::unblock_bounced(const std::string& email) {
  return database_.write(Purpose::erase, [&](Connection& writer) {
    writer.run("DELETE FROM blocked_addresses WHERE email = lower(?) AND reason = 'bounce'", email);
    return writer.changed_rows() > 0;
  });
}

}  // namespace postrider::adapters::sqlite
