// The carrier and the mailer that the settings name, made at the start; the service and `doctor`
// make them alike.
#pragma once

#include <memory>

#include "adapters/http_carrier/sms_carrier.hpp"
#include "adapters/smtp/outbox_mailer.hpp"
#include "adapters/smtp/smtp_mailer.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// nullptr where sms.carrier is another. Throws UsageError for settings, secrets or authority files
/// that can't be used.
std::unique_ptr<adapters::http_carrier::HttpSmsCarrier> http_carrier_of(
    const settings::Config& config, ports::Clock& clock);

/// nullptr where email.mailer is another. Throws UsageError as above.
std::unique_ptr<adapters::smtp::SmtpMailer> smtp_of(const settings::Config& config,
                                                    ports::Clock& clock);

/// The folder of .eml files. Throws Refused when it can't be made.
std::unique_ptr<adapters::smtp::OutboxMailer> outbox_of(const settings::Config& config,
                                                        ports::Clock& clock);

}  // namespace postrider::programs
