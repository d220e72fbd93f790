// The server by itself: the requirements of HTTP, and limits that peers can't pass.
#include "adapters/http/server/echo_server.hpp"

namespace postrider::adapters::http {
namespace {

TEST_F(ServerTest, KeepsAConnectionForManyRequests) {
  start();
  auto c = client();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(c.call("POST", "/a?b=c", std::string(static_cast<std::size_t>(i), 'x')).body,
              "POST /a " + std::to_string(i));
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  auto c = client();
  std::string all = Client::request("GET", "/slow");
  for (int i = 0; i < 20; ++i) all += Client::request("POST", "/" + std::to_string(i), "body");
  ASSERT_TRUE(c.send(all));
  EXPECT_EQ(c.receive().body, "slow");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(c.receive().body, "POST /" + std::to_string(i) + " 4");
}

TEST_F(ServerTest, ReadsARequestThatComesOctetByOctet) {
  start();
  auto c = client();
  for (const char octet : Client::request("POST", "/x", "hello")) ASSERT_TRUE(c.send({&octet, 1}));
  EXPECT_EQ(c.receive().body, "POST /x 5");
}

TEST_F(ServerTest, ReadsChunkedBodiesUpToTheLimit) {
  start();
  auto c = client();
  c.send(
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
  EXPECT_EQ(c.receive().body, "POST /x 7");
  std::string large = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 17; ++i) large += "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  c.send(large);
  EXPECT_EQ(c.receive().status, 413U);
  EXPECT_TRUE(c.ended());
}

TEST_F(ServerTest, RefusesABodyOfOneMebibyteAndTheClientSeesIt) {
  start();
  auto c = client();
  EXPECT_TRUE(c.send(Client::request("POST", "/x", std::string(1 << 20, 'x'))));
  const auto answer = c.receive();
  EXPECT_EQ(answer.status, 413U);
  EXPECT_EQ(answer.field("Content-Type"), "application/problem+json");
  auto large = client();
  EXPECT_TRUE(large.send(Client::request("POST", "/x", std::string(20 << 20, 'x'))))
      << "a client that sends all before it reads is not reset";
  EXPECT_EQ(large.receive().status, 413U);
  EXPECT_TRUE(answer.has("\"code\":\"too_large\""));
}

TEST_F(ServerTest, TakesABodyOfExactlyTheLimit) {
  start();
  auto c = client();
  EXPECT_EQ(c.call("POST", "/x", std::string(limits_.body_bytes, 'x')).body, "POST /x 262144");
  EXPECT_EQ(c.call("POST", "/x", std::string(limits_.body_bytes + 1, 'x')).status, 413U);
}

TEST_F(ServerTest, RefusesHeadsOverSixteenKibibytes) {
  start();
  auto good = client();
  const std::string fits = "X-Large: " + std::string(15'000, 'x') + "\r\n";
  EXPECT_EQ(good.call("GET", "/x", "", "", fits).status, 200U);
  auto c = client();
  c.send(Client::request("GET", "/x", "", "", "X-Large: " + std::string(17'000, 'x') + "\r\n"));
  EXPECT_EQ(c.receive().status, 431U);
  EXPECT_TRUE(c.ended());
  auto target = client();
  target.send("GET /" + std::string(17'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(target.receive().status, 431U);
}

TEST_F(ServerTest, GivesASlowClient408) {
  limits_.request_time = milliseconds{150};
  start();
  auto head = client();
  head.send("GET /x HTTP/1.1\r\nHo");
  EXPECT_EQ(head.receive().status, 408U);
  EXPECT_TRUE(head.ended());
  auto body = client();
  body.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(body.receive().status, 408U);
  EXPECT_TRUE(body.ended());
}

TEST_F(ServerTest, DoesNotLetATrickleRenewTheDeadline) {
  limits_.request_time = milliseconds{200};
  limits_.linger_time = milliseconds{50};
  start();
  auto c = client();
  const auto begin = std::chrono::steady_clock::now();
  bool open = c.send("GET / HTTP/1.1\r\nX: ");
  while (open && std::chrono::steady_clock::now() - begin < seconds{3}) {
    std::this_thread::sleep_for(milliseconds{20});
    open = c.send("x");
  }
  EXPECT_FALSE(open) << "the server still listened after three seconds";
}

TEST_F(ServerTest, EndsIdleConnections) {
  limits_.idle_time = milliseconds{100};
  start();
  auto c = client();
  EXPECT_EQ(c.call("GET", "/x").status, 200U);
  EXPECT_TRUE(c.ended());
}

TEST_F(ServerTest, AnswersAClientThatHasEndedItsSide) {
  start();
  auto c = client();
  c.send(Client::request("GET", "/slow"));
  c.end_sending();
  EXPECT_EQ(c.receive().body, "slow");
  EXPECT_TRUE(c.ended());
}

TEST_F(ServerTest, ReportsAClientThatEndedInTheMiddle) {
  start();
  auto c = client();
  c.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  c.end_sending();
  const auto answer = c.receive();
  EXPECT_EQ(answer.status, 400U);
  EXPECT_TRUE(answer.has("incomplete_request"));
}

TEST_F(ServerTest, SendsContinueOnlyWhenItWantsTheBody) {
  start();
  auto c = client();
  c.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(c.receive().status, 100U);
  c.send("abc");
  EXPECT_EQ(c.receive().body, "POST /x 3");
  c.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(c.receive().status, 403U);
  EXPECT_TRUE(c.ended());
  auto other = client();
  other.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: tea\r\n\r\n");
  EXPECT_EQ(other.receive().status, 417U);
}

TEST_F(ServerTest, KeepsTheConnectionAfterRefusingASmallBody) {
  start();
  auto c = client();
  EXPECT_EQ(c.call("POST", "/refused", "small").status, 403U);
  EXPECT_EQ(c.call("GET", "/x").status, 200U);
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  start();
  auto c = client();
  const auto answer = c.call("HEAD", "/x");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.field("Content-Length"), "9");
  EXPECT_EQ(c.call("GET", "/y").body, "GET /y 0") << "nothing of the first answer is left";
}

TEST_F(ServerTest, FollowsTheClientsWishAboutTheConnection) {
  start();
  auto c = client();
  EXPECT_EQ(c.call("GET", "/x", "", "", "Connection: close\r\n").field("Connection"), "close");
  EXPECT_TRUE(c.ended());
  auto old = client();
  old.send("GET /x HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.receive().status, 200U);
  EXPECT_TRUE(old.ended());
  auto kept = client();
  kept.send("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.receive().field("Connection"), "keep-alive");
  EXPECT_EQ(kept.call("GET", "/y").status, 200U);
}

TEST_F(ServerTest, RefusesWhatIsNoProperRequest) {
  start();
  const std::vector<std::pair<std::string, unsigned>> cases{
      {"GET /x HTTP/1.1\r\n\r\n", 400},
      {"GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"nonsense\r\n\r\n", 400},
      {"GET /x HTTP/1.1\r\nHost: a\r\nBad Field: x\r\n\r\n", 400},
      {"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
      {"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
       "0\r\n\r\n",
       400},
      {"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"POST /x HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na", 415},
  };
  for (const auto& [octets, status] : cases) {
    auto c = client();
    c.send(octets);
    EXPECT_EQ(c.receive().status, status) << octets;
    EXPECT_TRUE(c.ended()) << octets;
  }
}

TEST_F(ServerTest, LimitsWhatChunkFramingCanMakeItHold) {
  start();
  auto c = client();
  c.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
         std::string(40'000, 'x'));
  EXPECT_EQ(c.receive().status, 400U);
}

TEST_F(ServerTest, LimitsConnectionsOfOneAddress) {
  limits_.connections_per_address = 2;
  start();
  auto a = client();
  auto b = client();
  EXPECT_EQ(a.call("GET", "/x").status, 200U);
  EXPECT_EQ(b.call("GET", "/x").status, 200U);
  auto c = client();
  const auto answer = c.receive();
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(answer.field("Retry-After"), "1");
  EXPECT_TRUE(c.ended());
  a.close();
  for (int i = 0; i < 100; ++i) {
    auto d = client();
    if (d.call("GET", "/x").status == 200) return;
    std::this_thread::sleep_for(milliseconds{10});
  }
  FAIL() << "the place of the closed connection was never given away";
}

TEST_F(ServerTest, LimitsConnectionsInAll) {
  limits_.connections = 1;
  start();
  auto a = client();
  EXPECT_EQ(a.call("GET", "/x").status, 200U);
  auto b = client();
  EXPECT_EQ(b.receive().status, 503U);
  EXPECT_EQ(a.call("GET", "/x").status, 200U);
}

TEST_F(ServerTest, HidesWhatAHandlerThrows) {
  start();
  auto c = client();
  const auto answer = c.call("GET", "/throws");
  EXPECT_EQ(answer.status, 500U);
  EXPECT_FALSE(answer.has("secret"));
  EXPECT_EQ(c.call("GET", "/x").status, 200U);
}

TEST_F(ServerTest, StopsGracefully) {
  start();
  auto idle = client();
  EXPECT_EQ(idle.call("GET", "/x").status, 200U);
  auto busy = client();
  busy.send(Client::request("GET", "/slow"));
  std::this_thread::sleep_for(milliseconds{50});
  std::thread stopper{[this] { EXPECT_TRUE(server_->stop(seconds{5})); }};
  EXPECT_TRUE(idle.ended());
  const auto answer = busy.receive();
  EXPECT_EQ(answer.body, "slow");
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(busy.ended());
  stopper.join();
  EXPECT_THROW(client(), boost::system::system_error);
}

TEST_F(ServerTest, CutsWhatIsNotFinishedInTime) {
  start();
  auto busy = client();
  busy.send(Client::request("GET", "/slow"));
  std::this_thread::sleep_for(milliseconds{50});
  EXPECT_FALSE(server_->stop(milliseconds{20}));
  server_.reset();
  EXPECT_EQ(busy.receive().status, 0U);
}

TEST(ParseListenAddress, TakesHostAndPortAndNothingElse) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:8080")->port, 8080);
  EXPECT_EQ(parse_listen_address("[::1]:0")->host, "::1");
  EXPECT_EQ(parse_listen_address("localhost:80")->host, "localhost");
  for (const auto* bad : {"", "8080", ":80", "a:", "a:x", "a:99999", "::1:80", "[::1:80", "a:80 "})
    EXPECT_FALSE(parse_listen_address(bad)) << bad;
}

}  // namespace
}  // namespace postrider::adapters::http
