// A blocking HTTP client for the tests that sends exactly the octets of its caller. For one thread.
#pragma once

#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace postrider::adapters::http {

struct Answer {
  unsigned status = 0;  // 0: the connection ended without an answer
  std::string body;
  boost::beast::http::fields fields;

  std::string field(const char* name) const { return std::string{fields[name]}; }
  bool has(std::string_view text) const { return body.find(text) != std::string::npos; }
};

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_{*io_} {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  }

  /// False where the server has closed the connection.
  bool send(std::string_view octets) {
    boost::system::error_code error;
    boost::asio::write(socket_, boost::asio::buffer(octets.data(), octets.size()), error);
    return !error;
  }
  void end_sending() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }
  void close() { socket_.close(); }

  Answer receive(bool to_head = false) {
    namespace beast_http = boost::beast::http;
    beast_http::response_parser<beast_http::string_body> parser;
    parser.skip(to_head);
    parser.body_limit(1UL << 30);
    boost::system::error_code error;
    beast_http::read(socket_, in_, parser, error);
    if (error) return {};
    auto message = parser.release();
    Answer answer;
    answer.status = message.result_int();
    answer.body = std::move(message.body());
    answer.fields = std::move(message.base());
    return answer;
  }

  /// True where the server ends the connection and sends nothing more before.
  bool ended() {
    char octet = 0;
    boost::system::error_code error;
    socket_.read_some(boost::asio::buffer(&octet, 1), error);
    return bool(error);
  }

  Answer call(std::string_view method, std::string_view target, std::string_view body = {},
              std::string_view type = "application/json", std::string_view more = {}) {
    send(request(method, target, body, type, more));
    return receive(method == "HEAD");
  }

  static std::string request(std::string_view method, std::string_view target,
                             std::string_view body = {}, std::string_view type = "application/json",
                             std::string_view more = {}) {
    std::string out{method};
    out.append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n").append(more);
    if (!body.empty()) {
      out.append("Content-Type: ").append(type).append("\r\nContent-Length: ");
      out.append(std::to_string(body.size())).append("\r\n");
    }
    return out.append("\r\n").append(body);
  }

 private:
  std::unique_ptr<boost::asio::io_context> io_ = std::make_unique<boost::asio::io_context>();
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer in_;
};

}  // namespace postrider::adapters::http
