#include "programs/store_access/local_store.hpp"

#include <filesystem>

#include "adapters/http/api/in_process.hpp"
#include "programs/outcome.hpp"
#include "programs/serve/local_service.hpp"
#include "programs/store_access/no_telemetry.hpp"
#include "programs/store_access/operator_name.hpp"
#include "programs/store_access/services.hpp"
#include "programs/store_access/store_sinks.hpp"
#include "programs/system_clock.hpp"

namespace postrider::programs {
namespace {

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
      : local_{with_current_database(config), clock_, telemetry_},
        events_{local_.pipeline.orders, {config.shop.id}} {}

  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) override {
    return events_.put(rows);
  }

 private:
  SystemClock clock_;
  NoTelemetry telemetry_;
  LocalService local_;
  StoreEvents events_;
};

class LocalCustomers final : public RowSink {
 public:
  explicit LocalCustomers(const settings::Config& config)
      : local_{with_current_database(config), clock_, telemetry_},
        customers_{local_.customers, clock_, config.shop.id, config.shop.region} {}

  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) override {
    return customers_.put(rows);
  }

 private:
  SystemClock clock_;
  NoTelemetry telemetry_;
  LocalService local_;
  StoreCustomers customers_;
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
