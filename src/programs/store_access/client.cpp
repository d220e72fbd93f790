#include "programs/store_access/client.hpp"

#include <curl/curl.h>

#include <nlohmann/json.hpp>

#include "programs/terminal.hpp"
#include "settings/units.hpp"

namespace postrider::programs {
namespace {

constexpr long connect_timeout_ms = 5'000;
// A service that sends nothing for this long is stuck: it commits a slice of an import in seconds.
constexpr long silence_seconds = 60;

struct Incoming {
  std::string body;
  bool too_long = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* target) {
  auto& incoming = *static_cast<Incoming*>(target);
  if (incoming.body.size() + size * count > HttpClient::max_answer_bytes) {
    incoming.too_long = true;
    return 0;
  }
  incoming.body.append(data, size * count);
  return size * count;
}

struct SListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, SListDeleter>;

void add_header(Headers& headers, const std::string& line) {
  headers.reset(curl_slist_append(headers.release(), line.c_str()));
}

std::string reason_of(CURLcode code, const std::string& server) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "can't reach the service at " + server + ": there is no such host";
    case CURLE_COULDNT_CONNECT:
      return "can't reach the service at " + server +
             ": start it with `postrider serve`, or name it by --server";
    case CURLE_OPERATION_TIMEDOUT: return "the service at " + server + " did not answer in time";
    default:
      return "the connection to the service at " + server + " broke: " + curl_easy_strerror(code);
  }
}

}  // namespace

struct HttpClient::Curl {
  Curl() : handle{curl_easy_init()} {}
  ~Curl() { curl_easy_cleanup(handle); }
  CURL* handle;
};

HttpClient::HttpClient(std::string server, std::string key)
    : server_{std::move(server)}, key_{std::move(key)} {
  while (server_.ends_with('/')) server_.pop_back();
  const bool web = server_.starts_with("http://") || server_.starts_with("https://");
  if (!web || settings::host_of_url(server_).empty())
    throw UsageError{"--server must be an address such as http://127.0.0.1:8080"};
  if (key_.find_first_of("\r\n") != std::string::npos)
    throw UsageError{"the API key must be one line"};
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  curl_ = std::make_unique<Curl>();
  if (ready != CURLE_OK || curl_->handle == nullptr) throw Refused{"libcurl does not start"};
}

HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::call(const std::string& method, const std::string& path,
                            std::string_view body, const std::string& content_type) {
  CURL* const curl = curl_->handle;
  curl_easy_reset(curl);  // keeps the connection
  Incoming incoming;
  Headers headers;
  add_header(headers, "Expect:");
  add_header(headers, "Accept: application/json, application/problem+json, application/x-ndjson");
  if (!key_.empty()) add_header(headers, "Authorization: Bearer " + key_);
  if (!body.empty()) {
    add_header(headers, "Content-Type: " + content_type);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  } else if (method == "POST" || method == "PUT") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, 0L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
  }
  curl_easy_setopt(curl, CURLOPT_URL, (server_ + path).c_str());
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &incoming);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, silence_seconds);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  // The environment's proxy must not be used for a service on the same machine.
  if (settings::is_loopback(settings::host_of_url(server_)))
    curl_easy_setopt(curl, CURLOPT_PROXY, "");

  const CURLcode code = curl_easy_perform(curl);
  if (incoming.too_long) throw Refused{"the answer of the service at " + server_ + " is too long"};
  if (code != CURLE_OK)
    throw Unreachable{reason_of(code, server_),
                      code != CURLE_COULDNT_CONNECT && code != CURLE_COULDNT_RESOLVE_HOST};
  HttpAnswer answer;
  const char* type = nullptr;
  curl_off_t retry_seconds = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_seconds);
  answer.content_type = type == nullptr ? "" : type;
  answer.retry_after = std::chrono::seconds{retry_seconds};
  answer.body = std::move(incoming.body);
  return answer;
}

std::string url_encode(std::string_view text) {
  static constexpr std::string_view hex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool unreserved = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                            (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved)
      encoded += c;
    else
      encoded.append({'%', hex[byte >> 4], hex[byte & 15]});
  }
  return encoded;
}

std::string explain_problem(const HttpAnswer& answer) {
  const auto problem = nlohmann::ordered_json::parse(answer.body, nullptr, false);
  std::string text = text_of(problem, "title");
  if (text.empty()) text = "the service answered " + std::to_string(answer.status);
  if (const auto code = text_of(problem, "code"); !code.empty()) text += " (" + code + ")";
  if (const auto pointer = text_of(problem, "pointer"); !pointer.empty()) text += " at " + pointer;
  if (const auto hint = text_of(problem, "hint"); !hint.empty()) text += ": " + hint;
  if (answer.status == 401)
    text += "; give a key by --key-file FILE or POSTRIDER_KEY (`postrider keys add` makes one)";
  return plain(text);
}

}  // namespace postrider::programs
