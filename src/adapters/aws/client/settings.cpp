#include "adapters/aws/client/settings.hpp"

#include <array>
#include <cstdlib>

namespace postrider::adapters::aws::client {
namespace {

using domain::Error;
using domain::ErrorKind;

// Hosts where ECS and EKS are asked in plain HTTP; to any other the credentials would cross a
// network.
constexpr std::array<std::string_view, 6> link_local{
    "127.0.0.1", "localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"};

std::string value(const Environment& environment, const std::string& name) {
  return environment(name).value_or("");
}

bool is_true(const std::string& text) { return text == "true" || text == "True" || text == "TRUE"; }

domain::Result<CredentialSource> container(const Environment& environment) {
  CredentialSource source;
  source.kind = CredentialSource::Kind::container;
  const auto relative = value(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  source.url = relative.empty() ? value(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI")
                                : "http://169.254.170.2" + relative;
  source.token = value(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  source.token_file = value(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  const auto url = wire::parse_url(source.url);
  bool usable = url.has_value();
  if (usable && !url->tls) {
    usable = false;
    for (const auto host : link_local) usable = usable || url->host == host;
  }
  if (!usable)
    return Error{ErrorKind::invalid,
                 "the container's credentials URI is neither https nor an address of this host: "
                 "see AWS_CONTAINER_CREDENTIALS_FULL_URI"};
  return source;
}

domain::Result<CredentialSource> credential_source(const Environment& environment) {
  CredentialSource source;
  source.key_id = value(environment, "AWS_ACCESS_KEY_ID");
  source.secret = value(environment, "AWS_SECRET_ACCESS_KEY");
  source.session_token = value(environment, "AWS_SESSION_TOKEN");
  if (source.key_id.empty() != source.secret.empty())
    return Error{ErrorKind::invalid,
                 "only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set: set both"};
  if (!source.key_id.empty()) {
    source.kind = CredentialSource::Kind::environment;
    return source;
  }
  if (environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
      environment("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
    return container(environment);
  if (is_true(value(environment, "AWS_EC2_METADATA_DISABLED")))
    return Error{ErrorKind::invalid,
                 "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run "
                 "where a role gives them"};
  source.url = value(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (source.url.empty()) source.url = "http://169.254.169.254";
  if (source.url.ends_with('/')) source.url.pop_back();
  if (!wire::parse_url(source.url))
    return Error{ErrorKind::invalid, "AWS_EC2_METADATA_SERVICE_ENDPOINT is not an http(s) URL"};
  return source;
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* text = std::getenv(name.c_str());
    if (text == nullptr || *text == '\0') return std::nullopt;
    return text;
  };
}

domain::Result<Settings> read_settings(const Environment& environment) {
  Settings settings;
  settings.region = value(environment, "AWS_REGION");
  if (settings.region.empty()) settings.region = value(environment, "AWS_DEFAULT_REGION");
  if (settings.region.empty())
    return Error{ErrorKind::invalid, "no AWS region: set AWS_REGION, such as us-east-1"};
  for (const char c : settings.region)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
      return Error{ErrorKind::invalid, "AWS_REGION is not the name of a region"};
  settings.ca_bundle = value(environment, "AWS_CA_BUNDLE");
  if (!is_true(value(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) {
    settings.endpoint = value(environment, "AWS_ENDPOINT_URL");
    for (const auto& service : {dynamodb, sqs, sns, end_user_messaging, ses, cloudformation}) {
      const std::string id{service.id};
      if (auto url = environment("AWS_ENDPOINT_URL_" + id)) settings.endpoints[id] = *url;
    }
  }
  auto source = credential_source(environment);
  if (!source) return source.error();
  settings.credentials = std::move(*source);
  return settings;
}

domain::Result<wire::Url> endpoint_of(const Settings& settings, const Service& service) {
  const auto found = settings.endpoints.find(std::string{service.id});
  std::string text = found != settings.endpoints.end() ? found->second : settings.endpoint;
  if (text.empty()) {
    text = "https://" + std::string{service.host} + "." + settings.region + ".amazonaws.com";
    if (settings.region.starts_with("cn-")) text += ".cn";
  }
  const auto url = wire::parse_url(text);
  if (!url || url->target.find('?') != std::string::npos)
    return Error{ErrorKind::invalid, "the endpoint of " + std::string{service.id} +
                                         " is not an http(s) URL: see AWS_ENDPOINT_URL"};
  return *url;
}

}  // namespace postrider::adapters::aws::client
