// A carrier behind a plain HTTP API that Postrider defines (docs: "generic HTTP carrier"): one POST
// a message, signed after Standard Webhooks. submit() is thread-safe and blocks. No request is sent
// twice, and "no byte of the request was written" is an outcome of its own. libcurl must not be
// used here: it repeats a POST when a reused connection dies.
#pragma once

#include <memory>
#include <string>

#include "adapters/http_carrier/signing_keys.hpp"
#include "ports/clock.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::adapters::http_carrier {

/// The settings of one carrier.
struct HttpCarrierSettings {
  std::string name = "http";
  std::string url;  // http:// or https://; messages are POSTed to exactly this URL
  std::shared_ptr<const SigningKeys> keys;  // null: not signed
  std::string authorization;                // value of the Authorization header; empty: none
  std::string ca_file;                      // PEM; empty: the system's authorities
  int concurrency = 32;      // requests on their way at the same time, over all callers
  int parts_per_second = 0;  // SMS parts on the wire in any second; 0: no limit
  domain::Milliseconds connect_timeout{5'000};  // each for the connection and for TLS
  domain::Milliseconds answer_timeout{10'000};  // from the first byte written to the last one read
  /// A connection that waited for longer is not used: servers close theirs after five seconds or
  /// more, and a request that crosses the close has an unknown outcome.
  domain::Milliseconds idle{4'000};
  /// Messages of a batch that have not begun after this time are `SmsNotBegun`. Shorter than the
  /// lease of a claim, so that an answer comes before its claim has expired.
  domain::Milliseconds batch_timeout{40'000};
};

class HttpSmsCarrier : public ports::SmsCarrier {
 public:
  /// Throws std::invalid_argument for a URL or header value that can't be used, and
  /// std::runtime_error for an authority file that can't be read: the program can't start then.
  HttpSmsCarrier(HttpCarrierSettings settings, ports::Clock& clock);
  ~HttpSmsCarrier() override;  // no message may be under way
  HttpSmsCarrier(const HttpSmsCarrier&) = delete;
  HttpSmsCarrier& operator=(const HttpSmsCarrier&) = delete;

  std::string name() const override;
  /// The outcomes of the messages, in order. Each is posted as {"to","text","sender_id",
  /// "reference","attempt","encoding","segments","type","validity_seconds"}; answer.hpp says what
  /// the answers mean. "internal": no memory or the like; whether a byte went out is not known.
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch,
                                        domain::TimePoint until) override;
  void start(std::vector<ports::Sms> batch, domain::TimePoint until, Ended ended) override;
  /// The connections: each carries one message at a time.
  int width() const override;

  /// Opens a connection, without a request; the next message uses it. Returns an empty text, or the
  /// code of what is wrong ("dns_failed", "connect_failed", "connect_timeout", "tls_failed").
  /// Blocks.
  std::string reach() override;

 private:
  class Client;
  std::unique_ptr<Client> client_;
};

}  // namespace postrider::adapters::http_carrier
