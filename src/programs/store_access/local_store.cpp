#include "programs/store_access/local_store.hpp"

#include "adapters/http/api/in_process.hpp"
#include "programs/serve/local_service.hpp"
#include "programs/store_access/no_telemetry.hpp"
#include "programs/store_access/operator_name.hpp"

namespace postrider::programs {
namespace {

RowResult refused(const message::FieldError& error) {
  return {error.code, error.pointer, error.hint, false, ""};
}

class LocalEvents final : public RowSink {
 public:
  explicit LocalEvents(const settings::Config& config)
      : shop_{config.shop.id}, home_{config, clock_, telemetry_} {}

  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) override {
    std::vector<RowResult> results(rows.size());
    std::vector<pipeline::Incoming> events;
    std::vector<std::size_t> owners;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto parsed = reader_.order_event(rows[i]);
      if (const auto* error = std::get_if<message::FieldError>(&parsed)) {
        results[i] = refused(*error);
        continue;
      }
      auto& incoming = events.emplace_back();
      incoming.origin.shop = shop_;
      incoming.event = std::move(std::get<domain::OrderEvent>(parsed));
      owners.push_back(i);
    }
    auto outcomes = home_.orders.accept(events);
    if (!outcomes) return outcomes.error();
    for (std::size_t i = 0; i < owners.size(); ++i) {
      const auto& outcome = (*outcomes)[i];
      if (const auto* taken = std::get_if<pipeline::Acceptance>(&outcome)) {
        results[owners[i]].duplicate = taken->duplicate;
      } else {
        results[owners[i]] = refused(std::get<message::FieldError>(outcome));
      }
    }
    return results;
  }

 private:
  std::string shop_;
  SystemClock clock_;
  NoTelemetry telemetry_;
  LocalService home_;
  message::JsonReader reader_;
};

class LocalCustomers final : public RowSink {
 public:
  explicit LocalCustomers(const settings::Config& config)
      : shop_{config.shop.id}, region_{config.shop.region}, home_{config, clock_, telemetry_} {}

  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) override {
    std::vector<RowResult> results(rows.size());
    std::vector<domain::Customer> customers;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto parsed = reader_.customer(rows[i], "", region_);
      if (const auto* error = std::get_if<message::FieldError>(&parsed)) {
        results[i] = refused(*error);
        continue;
      }
      auto& customer = std::get<domain::Customer>(parsed);
      results[i].phone_problem = domain::phone_problem(customer.phone.problem);
      customers.push_back(std::move(customer));
    }
    if (auto done = home_.customers.put(shop_, customers, clock_.now()); !done) return done.error();
    return results;
  }

 private:
  std::string shop_, region_;
  SystemClock clock_;
  NoTelemetry telemetry_;
  LocalService home_;
  message::JsonReader reader_;
};

/// The store with the resources that the service would answer with.
class OpenStore {
 public:
  OpenStore(const settings::Config& config, OpenMode opening)
      : home_{config, clock_, telemetry_, opening},
        services_{home_.orders,    home_.tracker, home_.dead_letters, home_.query,
                  home_.customers, home_.audit,   home_.allowance,    home_.costs,
                  home_.composer,  clock_,        telemetry_,         config.shop.region},
        api_{services_} {
    services_.limits = settings::policy_of(config).limits;
    services_.currency = config.sms.currency;
  }

  adapters::http::Response call(const std::string& method, const std::string& path,
                                std::string_view body, const adapters::http::KeyInfo& caller) {
    return api_.call(method, path, std::string{body}, caller);
  }

 private:
  SystemClock clock_;
  NoTelemetry telemetry_;
  LocalService home_;
  adapters::http::Services services_;
  adapters::http::InProcessApi api_;
};

class LocalClient final : public Client {
 public:
  explicit LocalClient(const settings::Config& config)
      : config_{config}, caller_{operator_name(), config.shop.id, domain::Mode::live} {}

  HttpAnswer call(const std::string& method, const std::string& path, std::string_view body,
                  const std::string& content_type) override {
    auto answer = store_for(method).call(method, path, body, caller_);
    return {answer.status, content_type, std::move(answer.body)};
  }
  const std::string& place() const override { return config_.data; }

 private:
  /// What only reads does not keep a service from starting.
  OpenStore& store_for(const std::string& method) {
    const bool reads = method == "GET";
    if (!reader_) reader_.emplace(config_, OpenMode::reader);  // also: is there a store at all?
    if (!reads && !writer_) writer_.emplace(config_, OpenMode::service);
    return reads ? *reader_ : *writer_;
  }

  settings::Config config_;
  adapters::http::KeyInfo caller_;
  std::optional<OpenStore> reader_, writer_;
};

}  // namespace

std::unique_ptr<Client> open_local_client(const settings::Config& config) {
  return std::make_unique<LocalClient>(config);
}

std::unique_ptr<EventSink> open_local_sink(const settings::Config& config) {
  return std::make_unique<LocalEvents>(config);
}

std::unique_ptr<CustomerSink> open_local_customer_sink(const settings::Config& config) {
  return std::make_unique<LocalCustomers>(config);
}

}  // namespace postrider::programs
