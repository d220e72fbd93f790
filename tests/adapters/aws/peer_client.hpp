// A client whose AWS is a scripted peer, for the tests of the adapters above it. For one thread.
#pragma once

#include "adapters/aws/client/client.hpp"
#include "doubles/manual_clock.hpp"
#include "wire/scripted_peer.hpp"

namespace postrider::adapters::aws {

constexpr auto no_end = domain::TimePoint::max();

/// A peer that answers every request as the test set last.
class PeerClient {
 public:
  explicit PeerClient(std::string octets = "")
      : octets_{std::move(octets)},
        peer_{[this](const std::string&) {
          const std::lock_guard lock{mutex_};
          if (!once_.empty()) return wire::ScriptedPeer::Reply{std::exchange(once_, {}), true};
          return wire::ScriptedPeer::Reply{octets_, go_on_};
        }},
        client_{settings(), clock_} {}

  void answer(std::string octets, bool go_on = true) {
    const std::lock_guard lock{mutex_};
    octets_ = std::move(octets);
    go_on_ = go_on;
  }
  /// The next request is answered so, those after it as before.
  void answer_once(std::string octets) {
    const std::lock_guard lock{mutex_};
    once_ = std::move(octets);
  }
  client::Client& client() { return client_; }
  doubles::ManualClock& clock() { return clock_; }
  wire::ScriptedPeer& peer() { return peer_; }
  std::string body(std::size_t index = 0) const {
    const auto request = peer_.request(index);
    return request.substr(request.find("\r\n\r\n") + 4);
  }

 private:
  client::Settings settings() const {
    client::Settings settings;
    settings.region = "us-east-1";
    settings.endpoint = peer_.origin();
    settings.credentials.kind = client::CredentialSource::Kind::environment;
    settings.credentials.key_id = "AK";
    settings.credentials.secret = "secret";
    settings.longest_backoff = domain::Milliseconds{2};
    settings.answer_timeout = domain::Milliseconds{300};
    return settings;
  }

  std::mutex mutex_;
  std::string octets_, once_;
  bool go_on_ = true;
  doubles::ManualClock clock_;
  wire::ScriptedPeer peer_;
  client::Client client_;
};

/// An error answer of a JSON protocol.
inline std::string json_refusal(int status, const std::string& type, const std::string& reason = "",
                                const std::string& message = "m") {
  std::string body = R"({"__type":")" + type + R"(","message":")" + message + '"';
  if (!reason.empty()) body += R"(,"Reason":")" + reason + '"';
  return wire::http_answer(status, body + "}");
}

}  // namespace postrider::adapters::aws
