// A server whose handler answers with the request that it got. Runs on threads of its own; ends
// with the object.
#pragma once

#include "adapters/http/server/server.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <thread>

#include "adapters/http/client.hpp"

namespace postrider::adapters::http {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// The handler: answers with the request; "/slow" takes 300 ms, "/lines" answers each line.
class Echo final : public Handler {
 public:
  explicit Echo(Server& server) : server_{server} {}

  Choice choose(const Head& head) override {
    if (head.path == "/refused") return {"/refused", Response{403, "text/plain", "no", {}}};
    if (head.path == "/throws")
      return {"/throws",
              BlockingHandler{[](Request&) -> Response { throw std::runtime_error{"secret"}; }}};
    if (head.path == "/slow") return {"/slow", AsyncHandler{[this](Request&) { return slow(); }}};
    if (head.path == "/lines")
      return {"/lines", StreamHandler{[] { return std::make_unique<Lines>(); }}};
    return {"/echo", BlockingHandler{[](Request& request) {
              std::string body{name(request.head.method)};
              body += ' ';
              body += request.head.path;
              body += ' ';
              body += std::to_string(request.body.size());
              return Response{200, "text/plain", body, {}};
            }}};
  }

 private:
  struct Lines final : LineHandler {
    asio::awaitable<void> take(std::span<const Line> lines) override {
      auto& said = slices.emplace_back();
      for (const auto& line : lines)
        said += std::to_string(line.number) + ":" +
                (line.too_long ? "too long" : std::to_string(line.text.size())) + "\n";
      co_return;
    }
    asio::awaitable<void> answer(std::string& out) override {
      out += slices.front();
      slices.pop_front();
      co_return;
    }
    std::deque<std::string> slices;
  };

  asio::awaitable<Response> slow() {
    asio::steady_timer timer{server_.io(), milliseconds{300}};
    co_await timer.async_wait(asio::use_awaitable);
    Response response;
    response.body = "slow";
    co_return response;
  }

  Server& server_;
};

class ServerTest : public testing::Test {
 protected:
  void start() {
    server_ = std::make_unique<Server>(ListenAddress{"127.0.0.1", 0}, limits_);
    echo_ = std::make_unique<Echo>(*server_);
    server_->start(*echo_);
  }
  ~ServerTest() override { server_.reset(); }

  Client client() { return Client{server_->port()}; }

  Limits limits_ = [] {
    Limits limits;
    limits.tick = milliseconds{10};
    return limits;
  }();
  std::unique_ptr<Echo> echo_;
  std::unique_ptr<Server> server_;
};

}  // namespace postrider::adapters::http
