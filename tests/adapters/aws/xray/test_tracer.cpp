#include "adapters/aws/xray/tracer.hpp"

#include <gmock/gmock.h>

#include <boost/asio.hpp>

namespace postrider::adapters::aws::xray {
namespace {

using boost::asio::ip::udp;

const std::string wanted =
    "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
const client::CallReport report{
    client::dynamodb, "PutItem", domain::from_unix_ms(1), domain::from_unix_ms(2), 1, 200, false};

/// A receiver of datagrams, as X-Ray's daemon is one.
class Daemon {
 public:
  std::string address() const {
    return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port());
  }
  /// The datagrams that have come so far.
  std::vector<std::string> received() {
    std::vector<std::string> all;
    while (socket_.available() > 0) {
      std::array<char, 65536> buffer;
      const auto size = socket_.receive(boost::asio::buffer(buffer));
      all.emplace_back(buffer.data(), size);
    }
    return all;
  }

 private:
  boost::asio::io_context io_;
  udp::socket socket_{io_, udp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
};

TEST(Tracer, SendsADatagramACall) {
  Daemon daemon;
  Tracer tracer{daemon.address(), "us-east-1"};
  tracer.begin(wanted);
  tracer.send(report);
  tracer.send(report);
  const auto received = daemon.received();
  ASSERT_EQ(received.size(), 2U);
  EXPECT_THAT(received[0], testing::StartsWith("{\"format\":\"json\",\"version\":1}\n{"));
  EXPECT_THAT(received[0], testing::HasSubstr("\"name\":\"DynamoDB\""));
  EXPECT_NE(received[0], received[1]) << "each has an id of its own";
}

TEST(Tracer, KeepsQuietWhereTheTraceIsNotWanted) {
  Daemon daemon;
  Tracer tracer{daemon.address(), "us-east-1"};
  tracer.send(report);
  tracer.begin(wanted);
  tracer.begin("Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0");
  tracer.send(report);
  EXPECT_THAT(daemon.received(), testing::IsEmpty());
}

TEST(Tracer, ReadsBothFormsOfTheAddress) {
  Daemon daemon;
  Tracer tracer{"tcp:127.0.0.1:1 udp:" + daemon.address(), "us-east-1"};
  tracer.begin(wanted);
  tracer.send(report);
  EXPECT_THAT(daemon.received(), testing::SizeIs(1));
}

TEST(Tracer, AnInvalidAddressDoesNoHarm) {
  for (const std::string bad : {"", "x", "daemon:2000", "127.0.0.1:", "127.0.0.1:1"}) {
    Tracer tracer{bad, "us-east-1"};
    tracer.begin(wanted);
    tracer.send(report);
    tracer.send(report);
  }
}

}  // namespace
}  // namespace postrider::adapters::aws::xray
