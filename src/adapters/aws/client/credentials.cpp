#include "adapters/aws/client/credentials.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "message/json/order_event_json.hpp"
#include "wire/connection_pool.hpp"

namespace postrider::adapters::aws::client {
namespace {

namespace asio = wire::asio;
using Text = std::variant<wire::HttpAnswer, std::string>;
using Result = std::variant<Lent, std::string>;

// The instance's metadata service is one hop away; SDKs wait a second.
constexpr domain::Milliseconds timeout{1'000};
constexpr std::string_view roles = "/latest/meta-data/iam/security-credentials/";
constexpr std::string_view no_credentials = "no_credentials";

std::string request_text(std::string_view method, const wire::Url& url, std::string_view target,
                         const Headers& headers) {
  std::string text{method};
  text += " ";
  text += target;
  text += " HTTP/1.1\r\nHost: " + url.authority + "\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  if (method == "PUT") text += "Content-Length: 0\r\n";
  return text + "\r\n";
}

/// One request on a connection of its own: these services are asked a few times a day.
asio::awaitable<Text> ask(asio::io_context& io, wire::TlsContext& tls, const wire::Url& url,
                          const std::string& request) {
  wire::ConnectionPool pool{io, tls, url, {timeout, timeout, 64 * 1024}};
  wire::ConnectionPool::Connection connection;
  std::string problem = co_await pool.connect(connection);
  if (!problem.empty()) co_return Text{problem};
  auto exchange = co_await connection->exchange(request, timeout);
  if (const auto* none = std::get_if<wire::NoAnswer>(&exchange)) co_return Text{none->code};
  auto& answer = std::get<wire::HttpAnswer>(exchange);
  if (answer.status != 200) co_return Text{"http_" + std::to_string(answer.status)};
  co_return Text{std::move(answer)};
}

Result lent(const Text& text) {
  if (const auto* problem = std::get_if<std::string>(&text)) return *problem;
  const auto parsed = parse_credentials(std::get<wire::HttpAnswer>(text).body);
  if (!parsed) return std::string{no_credentials};
  return *parsed;
}

std::string container_token(const CredentialSource& source) {
  if (source.token_file.empty()) return source.token;
  // The token file is read each time: EKS replaces it.
  std::ifstream file{source.token_file};
  std::string token;
  std::getline(file, token);
  return token;
}

asio::awaitable<Result> ask_container(asio::io_context& io, wire::TlsContext& tls,
                                      const CredentialSource& source) {
  const auto url = *wire::parse_url(source.url);
  Headers headers{{"Accept", "application/json"}};
  const std::string token = container_token(source);
  for (const char c : token)
    if (c < ' ' || c > '~') co_return Result{std::string{no_credentials}};
  if (!token.empty()) headers.emplace_back("Authorization", token);
  const Text text = co_await ask(io, tls, url, request_text("GET", url, url.target, headers));
  co_return lent(text);
}

/// The three requests of IMDSv2: a token, the role's name, the role's credentials.
asio::awaitable<Result> ask_instance(asio::io_context& io, wire::TlsContext& tls,
                                     const CredentialSource& source) {
  const auto url = *wire::parse_url(source.url);
  const Headers ttl{{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
  Text text = co_await ask(io, tls, url, request_text("PUT", url, "/latest/api/token", ttl));
  if (const auto* problem = std::get_if<std::string>(&text)) co_return Result{*problem};
  const Headers token{{"X-aws-ec2-metadata-token", std::get<wire::HttpAnswer>(text).body}};
  text = co_await ask(io, tls, url, request_text("GET", url, roles, token));
  if (const auto* problem = std::get_if<std::string>(&text)) co_return Result{*problem};
  const auto& names = std::get<wire::HttpAnswer>(text).body;
  const std::string role = names.substr(0, names.find_first_of("\r\n"));
  if (role.empty() || role.find(' ') != std::string::npos)
    co_return Result{std::string{no_credentials}};
  const std::string target = std::string{roles} + role;
  text = co_await ask(io, tls, url, request_text("GET", url, target, token));
  co_return lent(text);
}

}  // namespace

std::optional<Lent> parse_credentials(std::string_view json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  const auto text = [&parsed](const char* key) {
    const auto found = parsed.find(key);
    return found != parsed.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  Lent lent{{text("AccessKeyId"), text("SecretAccessKey"), text("Token")}, std::nullopt};
  if (lent.credentials.key_id.empty() || lent.credentials.secret.empty()) return std::nullopt;
  const auto expiration = text("Expiration");
  if (!expiration.empty()) {
    lent.until = message::parse_timestamp(expiration);
    if (!lent.until) return std::nullopt;
  }
  return lent;
}

asio::awaitable<Result> fetch_credentials(asio::io_context& io, wire::TlsContext& tls,
                                          const CredentialSource& source) {
  if (source.kind == CredentialSource::Kind::environment)
    co_return Lent{{source.key_id, source.secret, source.session_token}, std::nullopt};
  if (source.kind == CredentialSource::Kind::container)
    co_return co_await ask_container(io, tls, source);
  co_return co_await ask_instance(io, tls, source);
}

}  // namespace postrider::adapters::aws::client
