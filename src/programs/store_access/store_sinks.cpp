#include "programs/store_access/store_sinks.hpp"

namespace postrider::programs {
namespace {

RowResult refused_row(const message::FieldError& error) {
  return {error.code, error.pointer, error.hint, false, ""};
}

}  // namespace

domain::Result<std::vector<RowResult>> StoreEvents::put(std::span<const std::string> rows) {
  const auto outcomes = pipeline::BulkIntake::accept(orders_, origin_, reader_, rows);
  if (!outcomes) return outcomes.error();
  std::vector<RowResult> results;
  for (const auto& outcome : *outcomes) {
    if (const auto* taken = std::get_if<pipeline::Acceptance>(&outcome)) {
      results.emplace_back().duplicate = taken->duplicate;
    } else if (const auto* error = std::get_if<message::FieldError>(&outcome)) {
      results.push_back(refused_row(*error));
    } else {
      results.push_back(refused_row({"unreadable", "", "the event's record can't be read"}));
    }
  }
  return results;
}

domain::Result<std::vector<RowResult>> StoreCustomers::put(std::span<const std::string> rows) {
  std::vector<RowResult> results(rows.size());
  std::vector<domain::Customer> customers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto parsed = reader_.customer(rows[i], "", region_);
    if (const auto* error = std::get_if<message::FieldError>(&parsed)) {
      results[i] = refused_row(*error);
      continue;
    }
    auto& customer = std::get<domain::Customer>(parsed);
    results[i].phone_problem = domain::phone_problem(customer.phone.problem);
    customers.push_back(std::move(customer));
  }
  if (auto done = customers_.put(shop_, customers, clock_.now()); !done) return done.error();
  return results;
}

}  // namespace postrider::programs
