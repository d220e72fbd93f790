// The makers of the carrier and the mailer that the settings name. For the main thread. The service
// and `doctor` use them, so that `doctor` tests what the service would do.
#pragma once

#include <memory>

#include "adapters/http_carrier/sms_carrier.hpp"
#include "adapters/smtp/outbox_mailer.hpp"
#include "adapters/smtp/smtp_mailer.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// Throws the UsageError, with the place of the setting, that one of the makers below would throw.
/// Changes nothing.
void check_providers(const settings::LoadedConfig& loaded);

/// The keys in http_carrier.secret_file; none where the setting is empty. Throws UsageError.
std::vector<std::string> signing_keys_of(const settings::Config& config);

/// The password in smtp.password_file; empty where the setting is. Throws UsageError.
std::string smtp_password_of(const settings::Config& config);

/// The HTTP carrier; nullptr where sms.carrier is another one. `clock` must outlive it. Throws
/// UsageError for settings, secrets or authority files that can't be used.
std::unique_ptr<adapters::http_carrier::HttpSmsCarrier> http_carrier_of(
    const settings::Config& config, ports::Clock& clock,
    std::shared_ptr<const adapters::http_carrier::SigningKeys> keys);

/// The SMTP mailer; nullptr where email.mailer is another one. `clock` must outlive it. Throws
/// UsageError as http_carrier_of() does.
std::unique_ptr<adapters::smtp::SmtpMailer> smtp_of(const settings::Config& config,
                                                    ports::Clock& clock);

/// The mailer that writes .eml files. `clock` must outlive it. Throws Refused when its folder can't
/// be made.
std::unique_ptr<adapters::smtp::OutboxMailer> outbox_of(const settings::Config& config,
                                                        ports::Clock& clock);

}  // namespace postrider::programs
