// The HTTP request that a call becomes, and the reply that an exchange amounts to. Pure.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "adapters/aws/client/call.hpp"
#include "adapters/aws/client/sigv4.hpp"
#include "wire/http_connection.hpp"

namespace postrider::adapters::aws::client {

using Ending = wire::HttpConnection::Exchange;  // HttpAnswer or NoAnswer

/// The signed HTTP request.
std::string request_text(const Call& call, const wire::Url& url, std::string_view region,
                         const Credentials& credentials, domain::TimePoint now);

/// The reply that a try's ending amounts to. `may_be_done` says whether the tries so far may have
/// been carried out, and becomes true where this try may have been.
Reply reply_of(Ending ending, bool& may_be_done);

/// What of the request was out of date, by an answer that refuses it.
Stale stale(const Ending& ending);

/// The difference of the server's clock, by the date of an answer, from `now`; nullopt where the
/// answer has no date.
std::optional<domain::Milliseconds> clock_offset(const Ending& ending, domain::TimePoint now);

/// True where another try after this ending could help and is allowed.
bool may_repeat(Repeat repeat, const Ending& ending);

}  // namespace postrider::adapters::aws::client
