// The limits of the HTTP server: one for everything that a client can make it hold. A value; the
// defaults are those of the service, tests use smaller ones.
#pragma once

#include <chrono>
#include <cstddef>

namespace postrider::adapters::http {

struct Limits {
  using Time = std::chrono::milliseconds;

  std::size_t header_bytes = 16 * 1024;            // more: 431
  std::size_t body_bytes = 256 * 1024;             // more: 413
  std::size_t stream_bytes = 32 * 1024 * 1024;     // NDJSON; more: 413
  std::size_t line_bytes = 256 * 1024;             // of an NDJSON body
  std::size_t slice_lines = 1000;                  // NDJSON lines that a handler gets at once
  std::size_t gather_bytes = 512 * 1024;           // read before the handler gets a slice
  std::size_t unread_bytes = 40UL * 1024 * 1024;   // of an answer that the client does not read yet
  std::size_t discard_bytes = 64UL * 1024 * 1024;  // read and dropped so that a refusal arrives

  Time request_time = std::chrono::seconds{10};  // first octet to last; else 408
  Time idle_time = std::chrono::seconds{60};     // between requests
  Time stream_pause = std::chrono::seconds{10};  // without an octet of a stream, in or out
  Time stream_time = std::chrono::minutes{15};   // whole NDJSON request
  Time write_time = std::chrono::seconds{10};    // a client that does not read its answer
  Time linger_time = std::chrono::seconds{2};    // from the server's end of a connection to its end
  Time tick = std::chrono::milliseconds{100};    // the precision of these times

  int connections = 2048;  // more: 503 and close
  int connections_per_address = 512;
  int streams = 8;  // NDJSON bodies at once; more: 503
  int blocking_threads = 2;
  int blocking_jobs = 256;  // waiting for a thread; more: 503
};

}  // namespace postrider::adapters::http
