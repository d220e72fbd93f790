// Settings of the AWS client: region, endpoints, credentials and limits, from the environment as
// the AWS SDKs read it. Pure but for process_environment(). Source: "AWS SDKs and Tools Reference
// Guide": service-specific endpoints, container and IMDS credentials.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "wire/url.hpp"

namespace postrider::adapters::aws::client {

/// A service of AWS.
struct Service {
  std::string_view id;       // in AWS_ENDPOINT_URL_<id>
  std::string_view host;     // <host>.<region>.amazonaws.com
  std::string_view signing;  // in the signature's scope
  bool reaches_people = false;
};

inline constexpr Service dynamodb{"DYNAMODB", "dynamodb", "dynamodb"};
inline constexpr Service sqs{"SQS", "sqs", "sqs"};
inline constexpr Service sns{"SNS", "sns", "sns", true};
inline constexpr Service end_user_messaging{"PINPOINT_SMS_VOICE_V2", "sms-voice", "sms-voice",
                                            true};
inline constexpr Service ses{"SESV2", "email", "ses", true};
inline constexpr Service cloudformation{"CLOUDFORMATION", "cloudformation", "cloudformation"};

/// The variables of a process: the value by name, nullopt where it is not set. An empty value
/// counts as not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

/// The place that credentials come from: the first of the kinds that is there.
struct CredentialSource {
  enum class Kind { environment, container, instance };
  Kind kind = Kind::instance;
  std::string key_id, secret, session_token;  // environment
  std::string url;                            // container: where to ask; instance: the service
  std::string token;                          // container: value of the Authorization header
  std::string token_file;                     // container: or the file that holds it
};

struct Settings {
  std::string region;
  std::string ca_bundle;                         // PEM; empty: the system's authorities
  std::string endpoint;                          // for all services; empty: AWS itself
  std::map<std::string, std::string> endpoints;  // by Service::id
  CredentialSource credentials;

  int concurrency = 32;                         // requests on their way, over all services
  domain::Milliseconds connect_timeout{2'000};  // each for the connection and for TLS
  domain::Milliseconds answer_timeout{5'000};   // of one try
  domain::Milliseconds longest_backoff{1'000};
  int tries = 4;
};

/// The settings that the environment asks for. Error `invalid`: no region, or a value that can't be
/// used; the error says what to set.
domain::Result<Settings> read_settings(const Environment& environment);

/// The URL that requests to the service go to; its target is the base path, "/" in most cases.
/// Error `invalid`: the settings hold no usable URL.
domain::Result<wire::Url> endpoint_of(const Settings& settings, const Service& service);

}  // namespace postrider::adapters::aws::client
