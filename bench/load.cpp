#include "load.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio.hpp>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "orders.hpp"

namespace postrider::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t max_answer_bytes = 8 * 1024;
constexpr std::chrono::seconds longest_answer{10};

struct Run {
  Clock::time_point begin;  // of the measured time
  Clock::time_point end;
  std::uint64_t next_order = 0;
  std::vector<float> latencies;  // ms
  std::uint64_t refused = 0;
  int open = 0;
};

/// The length of the whole answer once its head has come; 0 before. Searches in lower case in place
/// of a real header parser: both servers write "Content-Length".
std::size_t answer_length(std::string_view received) {
  const auto head = received.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = received.substr(0, head).find(name);
  std::size_t body = 0;
  if (at == std::string_view::npos ||
      std::from_chars(received.data() + at + name.size(), received.data() + head, body).ec !=
          std::errc{})
    throw std::runtime_error{"an answer without Content-Length"};
  return head + 4 + body;
}

class Client {
 public:
  Client(asio::io_context& io, std::uint16_t port, Run& run)
      : socket_{io}, run_{run}, request_{request_pattern()} {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(tcp::no_delay{true});
  }

  void send() {
    began_ = Clock::now();
    if (began_ >= run_.end) {
      --run_.open;
      return;
    }
    request_.set(run_.next_order++);
    received_ = 0;
    const auto text = request_.text();
    asio::async_write(socket_, asio::buffer(text.data(), text.size()),
                      [this](boost::system::error_code error, std::size_t) {
                        if (error) throw std::runtime_error{"write: " + error.message()};
                        receive();
                      });
  }

 private:
  void receive() {
    socket_.async_read_some(asio::buffer(answer_.data() + received_, answer_.size() - received_),
                            [this](boost::system::error_code error, std::size_t bytes) {
                              if (error) throw std::runtime_error{"read: " + error.message()};
                              received_ += bytes;
                              const std::string_view text{answer_.data(), received_};
                              const auto length = answer_length(text);
                              if (length == 0 || received_ < length) {
                                if (received_ == answer_.size())
                                  throw std::runtime_error{"an answer too long"};
                                return receive();
                              }
                              note(text);
                              send();
                            });
  }

  void note(std::string_view answer) {
    const auto now = Clock::now();
    if (!answer.starts_with("HTTP/1.1 202")) {
      ++run_.refused;
    } else if (now >= run_.begin && now < run_.end) {
      run_.latencies.push_back(std::chrono::duration<float, std::milli>(now - began_).count());
    }
  }

  tcp::socket socket_;
  Run& run_;
  NumberedText request_;
  Clock::time_point began_;
  std::array<char, max_answer_bytes> answer_{};
  std::size_t received_ = 0;
};

double percentile(std::vector<float>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return static_cast<double>(sorted[at]);
}

}  // namespace

LoadResult run_load(const Load& load) {
  asio::io_context io{1};
  Run run;
  run.next_order = load.first_order;
  run.latencies.reserve(1 << 18);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < load.connections; ++i)
    clients.push_back(std::make_unique<Client>(io, load.port, run));
  run.begin = Clock::now() + load.warm_up;
  run.end = run.begin + load.measured;
  run.open = load.connections;
  for (auto& client : clients) client->send();
  io.run_until(run.end + longest_answer);
  if (run.open > 0) throw std::runtime_error{"no answer for 10 seconds"};

  LoadResult result;
  result.accepted = run.latencies.size();
  result.refused = run.refused;
  result.per_second =
      static_cast<double>(result.accepted) / std::chrono::duration<double>(load.measured).count();
  std::sort(run.latencies.begin(), run.latencies.end());
  result.p50_ms = percentile(run.latencies, 0.50);
  result.p99_ms = percentile(run.latencies, 0.99);
  return result;
}

}  // namespace postrider::bench
