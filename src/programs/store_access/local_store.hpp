// The store of one machine without a service, for commands with --data. Not thread-safe. An object
// that changes the store needs it for itself as long as the object lives; one that only reads works
// beside a service.
#pragma once

#include <memory>

#include "programs/import/row_sink.hpp"
#include "programs/store_access/client.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// The sink of order events. Throws Refused when the store can't be opened (another process has it,
/// the disk is full …).
std::unique_ptr<EventSink> open_local_sink(const settings::Config& config);
/// The sink of customers. Throws as open_local_sink() does.
std::unique_ptr<CustomerSink> open_local_customer_sink(const settings::Config& config);

/// A client with the answers of a service's HTTP API and the rights of a live key. The store has to
/// exist: otherwise the first call() throws Refused.
std::unique_ptr<Client> open_local_client(const settings::Config& config);

}  // namespace postrider::programs
