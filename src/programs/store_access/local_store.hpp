// The store of one machine without a service: where --data leads a command. What changes something
// needs the store for itself, as long as the object lives; what only reads works beside a service.
#pragma once

#include <memory>

#include "programs/import/row_sink.hpp"
#include "programs/store_access/client.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// Throws Refused when the store can't be opened (another service has it, disk full …).
std::unique_ptr<EventSink> open_local_sink(const settings::Config& config);
std::unique_ptr<CustomerSink> open_local_customer_sink(const settings::Config& config);

/// The same answers as from a service's HTTP API, with the rights of a live key. The store must be
/// there: Refused is thrown by the first call() where it is not.
std::unique_ptr<Client> open_local_client(const settings::Config& config);

}  // namespace postrider::programs
