// The ceiling of the intake: Beast, simdjson, one writer thread with SQLite's group commit, and an
// answer after the COMMIT. Nothing is checked, looked up or rendered: the texts have a fixed
// length. Usage: bare_accept DATABASE SMS_BYTES SUBJECT_BYTES EMAIL_BYTES
#include <simdjson.h>

#include <utility>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "ceilings/sqlite_rows.hpp"
#include "orders.hpp"

namespace postrider::bench::ceilings {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::size_t max_rows = 1000;  // a commit; the service's limit

struct Texts {
  std::string sms, subject, email;
};

class Session;
using SessionPointer = std::shared_ptr<Session>;

/// The writer thread: commits all orders that came in while the last commit ran, then answers them
/// with one post.
class Writer {
 public:
  Writer(asio::io_context& io, const std::string& path)
      : io_{io}, store_{path}, thread_{[this] { run(); }} {}
  ~Writer() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void submit(SessionPointer session) {
    bool wake;
    {
      const std::lock_guard lock{mutex_};
      wake = queue_.empty();
      queue_.push_back(std::move(session));
    }
    if (wake) wake_.notify_one();
  }

 private:
  void run();

  asio::io_context& io_;
  SqliteRows store_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<SessionPointer> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Writer& writer, const Texts& texts,
          simdjson::ondemand::parser& parser)
      : socket_{std::move(socket)}, writer_{writer}, texts_{texts}, json_{parser} {
    socket_.set_option(tcp::no_delay{true});
  }

  void read() {
    request_.emplace();
    http::async_read(socket_, buffer_, *request_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) self->accept();
                     });
  }

  const Row& row() const { return row_; }

  void answer(int status, std::string_view body) {
    answer_ = "HTTP/1.1 " + std::to_string(status) +
              "\r\nServer: bare\r\nContent-Type: application/json\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n";
    answer_ += body;
    asio::async_write(socket_, asio::buffer(answer_),
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        if (!error) self->read();
                      });
  }

  void accepted() {
    std::string body{R"({"notification_id":")"};
    constexpr std::string_view hex = "0123456789abcdef";
    for (std::size_t i = 0; i < row_.id.size(); ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) body += '-';
      body += hex[row_.id[i] >> 4];
      body += hex[row_.id[i] & 15];
    }
    answer(202, body += R"(","state":"accepted","duplicate":false})");
  }

 private:
  void accept() {
    auto& body = request_->body();
    body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    if (!parse(body)) return answer(400, "{}");
    row_.id = quick_id(row_.order_id);
    row_.fingerprint = row_.id;
    row_.shop = "default";
    row_.locale = "en";
    row_.sms_text = texts_.sms;
    row_.email_subject = texts_.subject;
    row_.email_text = texts_.email;
    row_.created_at = std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
    writer_.submit(shared_from_this());
  }

  bool parse(const std::string& body) {
    simdjson::ondemand::document document;
    if (json_.iterate(simdjson::padded_string_view{body}).get(document)) return false;
    simdjson::ondemand::object contact;
    // The body is copied, because the next request uses the parser's buffer again.
    const auto text = [this](simdjson::simdjson_result<simdjson::ondemand::value> value,
                             std::string_view& target) {
      std::string_view unescaped;
      if (value.get_string().get(unescaped)) return false;
      auto& kept = kept_[kept_texts_++];
      kept = unescaped;
      target = kept;
      return true;
    };
    kept_texts_ = 0;
    return text(document["order_id"], row_.order_id) &&
           text(document["customer_id"], row_.customer_id) &&
           text(document["status"], row_.status) &&
           !document["contact"].get_object().get(contact) && text(contact["phone"], row_.phone) &&
           text(contact["email"], row_.email);
  }

  tcp::socket socket_;
  Writer& writer_;
  const Texts& texts_;
  simdjson::ondemand::parser& json_;
  beast::flat_buffer buffer_;
  std::optional<http::request<http::string_body>> request_;
  std::array<std::string, 5> kept_;
  std::size_t kept_texts_ = 0;
  Row row_;
  std::string answer_;
};

void Writer::run() {
  std::vector<SessionPointer> batch;
  std::vector<Row> rows;
  while (true) {
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      while (!queue_.empty() && batch.size() < max_rows) {
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
    }
    rows.clear();
    for (const auto& session : batch) rows.push_back(session->row());
    store_.insert(rows);
    asio::post(io_, [done = std::move(batch)] {
      for (const auto& session : done) session->accepted();
    });
    batch = {};
  }
}

class Server {
 public:
  Server(asio::io_context& io, Writer& writer, Texts texts)
      : acceptor_{io, {asio::ip::address_v4::loopback(), 0}},
        writer_{writer},
        texts_{std::move(texts)} {
    std::cout << "listening on http://127.0.0.1:" << acceptor_.local_endpoint().port() << std::endl;
    accept();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (error) return;
      std::make_shared<Session>(std::move(socket), writer_, texts_, parser_)->read();
      accept();
    });
  }

  tcp::acceptor acceptor_;
  Writer& writer_;
  Texts texts_;
  simdjson::ondemand::parser parser_;
};

int run(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: bare_accept DATABASE SMS_BYTES SUBJECT_BYTES EMAIL_BYTES\n";
    return 2;
  }
  asio::io_context io{1};
  asio::signal_set signals{io, SIGTERM, SIGINT};
  signals.async_wait([&io](auto...) { io.stop(); });
  Writer writer{io, argv[1]};
  const Server server{io,
                      writer,
                      {std::string(std::stoul(argv[2]), 's'), std::string(std::stoul(argv[3]), 'u'),
                       std::string(std::stoul(argv[4]), 'e')}};
  io.run();
  return 0;
}

}  // namespace
}  // namespace postrider::bench::ceilings

int main(int argc, char** argv) {
  try {
    return postrider::bench::ceilings::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "bare_accept: " << error.what() << "\n";
    return 1;
  }
}
