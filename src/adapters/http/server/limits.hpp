// A limit on everything that a peer can make this server hold. The defaults are the product's.
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
  std::size_t slice_lines = 1000;                  // handed over at once
  std::size_t gather_bytes = 512 * 1024;           // read at most before a slice is handed over
  std::size_t unread_bytes = 40UL * 1024 * 1024;   // of an answer that the client does not read yet
  std::size_t discard_bytes = 64UL * 1024 * 1024;  // read and dropped so that a refusal arrives

  Time request_time = std::chrono::seconds{10};  // first octet to last; else 408
  Time idle_time = std::chrono::seconds{60};     // between requests
  Time stream_pause = std::chrono::seconds{10};  // no octet of a stream, either way
  Time stream_time = std::chrono::minutes{15};   // whole NDJSON request
  Time write_time = std::chrono::seconds{10};    // a client that does not read its answer
  Time linger_time = std::chrono::seconds{2};    // between our end of a connection and its end
  Time tick = std::chrono::milliseconds{100};    // how exact these times are

  int connections = 2048;  // more: 503 and close
  int connections_per_address = 512;
  int streams = 8;  // NDJSON bodies at once; more: 503
  int blocking_threads = 2;
  int blocking_jobs = 256;  // waiting for a thread; more: 503
};

}  // namespace postrider::adapters::http
