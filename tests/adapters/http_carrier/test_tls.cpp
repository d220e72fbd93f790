// The carrier against a real TLS server with a certificate made for the run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>
// Asio 1.74 lacks the include of <utility>.
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <thread>

#include "adapters/http_carrier/carrier_fixture.hpp"

namespace postrider::adapters::http_carrier {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using boost::system::error_code;

/// A peer that answers one message a connection; counts those that arrived after a complete
/// handshake.
class TlsPeer {
 public:
  explicit TlsPeer(const fs::path& folder) {
    context_.use_certificate_file((folder / "cert.pem").string(), asio::ssl::context::pem);
    context_.use_private_key_file((folder / "key.pem").string(), asio::ssl::context::pem);
    thread_ = std::thread{[this] { serve(); }};
  }
  ~TlsPeer() {
    stopping_ = true;
    asio::io_context io;
    asio::ip::tcp::socket wake{io};
    error_code ignored;
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  int port() const { return acceptor_.local_endpoint().port(); }
  int requests() const { return requests_; }

 private:
  void serve() {
    while (!stopping_) {
      asio::ssl::stream<asio::ip::tcp::socket> stream{io_, context_};
      error_code error;
      acceptor_.accept(stream.next_layer(), error);
      if (error || stopping_) return;
      stream.handshake(asio::ssl::stream_base::server, error);
      if (error) continue;
      std::string request;
      asio::read_until(stream, asio::dynamic_buffer(request), "}", error);
      if (error) continue;
      ++requests_;
      const std::string answer =
          "HTTP/1.1 200 OK\r\nContent-Length: 19\r\nConnection: "
          "close\r\n\r\n{\"message_id\":\"m1\"}";
      asio::write(stream, asio::buffer(answer), error);
      stream.shutdown(error);
    }
  }

  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  asio::ssl::context context_{asio::ssl::context::tls_server};
  std::atomic<int> requests_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

class TlsCarrierTest : public HttpCarrierTest {
 protected:
  TlsCarrierTest() {
    std::string pattern = (fs::temp_directory_path() / "tls-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    const std::string make =
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
        " -addext subjectAltName=DNS:localhost -keyout " +
        (folder_ / "key.pem").string() + " -out " + (folder_ / "cert.pem").string() +
        " 2>/dev/null";
    if (std::system(make.c_str()) != 0) throw std::runtime_error("openssl failed");
    peer_ = std::make_unique<TlsPeer>(folder_);
  }
  ~TlsCarrierTest() override {
    peer_.reset();
    fs::remove_all(folder_);
  }
  HttpCarrierSettings tls_settings(const std::string& host) {
    auto made = settings("https://" + host + ":" + std::to_string(peer_->port()) + "/");
    made.ca_file = (folder_ / "cert.pem").string();
    return made;
  }

  fs::path folder_;
  std::unique_ptr<TlsPeer> peer_;
};

TEST_F(TlsCarrierTest, SendsToAPeerWhoseCertificateIsTrusted) {
  HttpSmsCarrier carrier{tls_settings("localhost"), clock_};
  EXPECT_EQ(std::get<ports::SmsAccepted>(send_one(carrier)).message_id, "m1");
  EXPECT_EQ(std::get<ports::SmsAccepted>(send_one(carrier)).message_id, "m1");
  EXPECT_EQ(peer_->requests(), 2);
}

TEST_F(TlsCarrierTest, RefusesACertificateOfAnotherHost) {
  HttpSmsCarrier carrier{tls_settings("127.0.0.1"), clock_};
  EXPECT_EQ(std::get<ports::SmsFailed>(send_one(carrier)).code, "tls_failed");
  EXPECT_EQ(peer_->requests(), 0);
}

TEST_F(TlsCarrierTest, RefusesACertificateThatNobodyVouchesFor) {
  auto system_authorities = tls_settings("localhost");
  system_authorities.ca_file.clear();
  HttpSmsCarrier carrier{system_authorities, clock_};
  EXPECT_EQ(std::get<ports::SmsFailed>(send_one(carrier)).code, "tls_failed");
  EXPECT_EQ(peer_->requests(), 0);
}

}  // namespace
}  // namespace postrider::adapters::http_carrier
