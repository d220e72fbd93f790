#include "programs/serve/providers.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "adapters/http_carrier/signature.hpp"
#include "programs/outcome.hpp"
#include "programs/system_clock.hpp"

namespace postrider::programs {
namespace {

void must_be_readable(const char* key, const std::string& path) {
  if (!path.empty() && ::access(path.c_str(), R_OK) != 0)
    throw UsageError{std::string{key} + ": can't read " + path + ": " + std::strerror(errno)};
}

/// Makes an adapter. An exception about its settings becomes a UsageError that names their section.
template <class Adapter, class Settings>
std::unique_ptr<Adapter> make(const char* section, Settings settings, ports::Clock& clock) {
  try {
    return std::make_unique<Adapter>(std::move(settings), clock);
  } catch (const std::exception& e) {
    throw UsageError{"[" + std::string{section} + "] " + e.what()};
  }
}

}  // namespace

std::vector<std::string> signing_keys_of(const settings::Config& config) {
  const std::string setting = "http_carrier.secret_file";
  const auto& path = config.http_carrier.secret_file;
  std::vector<std::string> keys;
  if (path.empty()) return keys;
  for (const auto& secret :
       settings::read_secrets(setting, path, adapters::http_carrier::SigningKeys::at_most)) {
    auto key = adapters::http_carrier::parse_secret(secret);
    if (!key)
      throw UsageError{setting + ": " + path +
                       ": a line is not a whsec_ secret: \"whsec_\" and 24 to 64 octets in base64"};
    keys.push_back(std::move(*key));
  }
  return keys;
}

std::string smtp_password_of(const settings::Config& config) {
  const auto& path = config.smtp.password_file;
  return path.empty() ? std::string{} : settings::read_secret("smtp.password_file", path);
}

std::unique_ptr<adapters::http_carrier::HttpSmsCarrier> http_carrier_of(
    const settings::Config& config, ports::Clock& clock,
    std::shared_ptr<const adapters::http_carrier::SigningKeys> keys) {
  if (config.sms.carrier != "http") return nullptr;
  adapters::http_carrier::HttpCarrierSettings settings;
  settings.url = config.http_carrier.url;
  settings.keys = std::move(keys);
  must_be_readable("http_carrier.ca_file", config.http_carrier.ca_file);
  settings.ca_file = config.http_carrier.ca_file;
  settings.concurrency = config.http_carrier.connections;
  settings.parts_per_second = config.sms.parts_per_second;
  settings.answer_timeout = config.http_carrier.timeout;
  // A message that has not begun after this time is given back before its claim expires.
  settings.batch_timeout =
      std::max(config.sms.lease - config.http_carrier.timeout - settings.connect_timeout,
               domain::Milliseconds{1000});
  return make<adapters::http_carrier::HttpSmsCarrier>("http_carrier", std::move(settings), clock);
}

std::unique_ptr<adapters::smtp::SmtpMailer> smtp_of(const settings::Config& config,
                                                    ports::Clock& clock) {
  if (config.email.mailer != "smtp") return nullptr;
  adapters::smtp::SmtpSettings settings;
  settings.host = config.smtp.host;
  settings.port = config.smtp.port;
  settings.user = config.smtp.user;
  settings.password = smtp_password_of(config);
  settings.tls = config.smtp.tls == "none"       ? adapters::smtp::Tls::none
                 : config.smtp.tls == "implicit" ? adapters::smtp::Tls::implicit
                                                 : adapters::smtp::Tls::required;
  must_be_readable("smtp.ca_file", config.smtp.ca_file);
  settings.ca_file = config.smtp.ca_file;
  settings.local_hostname = config.smtp.helo_name;
  settings.timeout = config.smtp.timeout;
  return make<adapters::smtp::SmtpMailer>("smtp", std::move(settings), clock);
}

std::unique_ptr<adapters::smtp::OutboxMailer> outbox_of(const settings::Config& config,
                                                        ports::Clock& clock) {
  try {
    return std::make_unique<adapters::smtp::OutboxMailer>(settings::outbox_path(config), clock);
  } catch (const std::runtime_error& e) {
    throw Refused{e.what()};
  }
}

void check_providers(const settings::LoadedConfig& loaded) {
  SystemClock clock;
  try {
    static_cast<void>(signing_keys_of(loaded.config));
    static_cast<void>(http_carrier_of(loaded.config, clock, nullptr));
    static_cast<void>(smtp_of(loaded.config, clock));
  } catch (const UsageError& e) {
    const std::string text{e.what()};
    throw UsageError{settings::place_of(loaded, text.substr(0, text.find(':'))) + text};
  }
}

}  // namespace postrider::programs
