#include "programs/store_access/local_store.hpp"

#include <filesystem>

#include "adapters/http/api/in_process.hpp"
#include "pipeline/bulk_intake.hpp"
#include "programs/outcome.hpp"
#include "programs/serve/local_service.hpp"
#include "programs/store_access/no_telemetry.hpp"
#include "programs/store_access/operator_name.hpp"
#include "programs/store_access/services.hpp"
#include "programs/system_clock.hpp"

namespace postrider::programs {
namespace {

RowResult refused(const message::FieldError& error) {
  return {error.code, error.pointer, error.hint, false, ""};
}

/// `config`, unless its database is of an older version. A service tells how far a long upgrade is;
/// an import would only seem to hang.
const settings::Config& with_current_database(const settings::Config& config) {
  std::error_code failed;
  if (!std::filesystem::exists(settings::database_path(config), failed)) return config;
  const auto reader = adapters::sqlite::Database::open_reader(config.data);
  if (!reader && reader.error().kind == domain::ErrorKind::invalid)
    throw Refused{reader.error().what};
  return config;
}

class LocalEvents final : public RowSink {
 public:
  explicit LocalEvents(const settings::Config& config)
      : shop_{config.shop.id}, local_{with_current_database(config), clock_, telemetry_} {}

  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) override {
    const auto outcomes =
        pipeline::BulkIntake::accept(local_.pipeline.orders, {shop_}, reader_, rows);
    if (!outcomes) return outcomes.error();
    std::vector<RowResult> results;
    for (const auto& outcome : *outcomes) {
      if (const auto* taken = std::get_if<pipeline::Acceptance>(&outcome)) {
        results.emplace_back().duplicate = taken->duplicate;
      } else {
        results.push_back(refused(std::get<message::FieldError>(outcome)));
      }
    }
    return results;
  }

 private:
  std::string shop_;
  SystemClock clock_;
  NoTelemetry telemetry_;
  LocalService local_;
  message::JsonReader reader_;
};

class LocalCustomers final : public RowSink {
 public:
  explicit LocalCustomers(const settings::Config& config)
      : shop_{config.shop.id},
        region_{config.shop.region},
        local_{with_current_database(config), clock_, telemetry_} {}

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
    if (auto done = local_.customers.put(shop_, customers, clock_.now()); !done)
      return done.error();
    return results;
  }

 private:
  std::string shop_, region_;
  SystemClock clock_;
  NoTelemetry telemetry_;
  LocalService local_;
  message::JsonReader reader_;
};

/// The store, with the resources of the HTTP API over it.
class OpenStore {
 public:
  OpenStore(const settings::Config& config, OpenMode mode)
      : local_{config, clock_, telemetry_, mode},
        services_{services_over(local_.pipeline, local_.storage(), local_.costs,
                                local_.shop.composer, clock_, telemetry_, config)},
        api_{services_} {}

  adapters::http::Response call(const std::string& method, const std::string& path,
                                std::string_view body, const adapters::http::KeyInfo& caller) {
    return api_.call(method, path, std::string{body}, caller);
  }

 private:
  SystemClock clock_;
  NoTelemetry telemetry_;
  LocalService local_;
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
  /// The store for a method. It is opened for writing only where the method changes something, so
  /// that reading works beside a service.
  OpenStore& store_for(const std::string& method) {
    const bool reads = method == "GET";
    if (!reader_) reader_.emplace(config_, OpenMode::reader);  // throws where there is no store
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
