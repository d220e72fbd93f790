// What the stages after the intake take from a shop's settings, in both homes. Pure; needs neither
// phone numbers nor templates.
#pragma once

#include "pipeline/delivery_pipeline.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

pipeline::DeliverySettings delivery_settings(const settings::Config& config);

}  // namespace postrider::programs
