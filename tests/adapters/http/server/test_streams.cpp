// Streamed bodies: lines in, lines out, with bounded memory.
#include "adapters/http/server/echo_server.hpp"

namespace postrider::adapters::http {
namespace {

using StreamTest = ServerTest;

TEST_F(StreamTest, StreamsLinesAndAnswersThem) {
  start();
  auto c = client();
  const auto answer = c.call("POST", "/lines", "a\nbb\n\nccc", "application/x-ndjson");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.field("Transfer-Encoding"), "chunked");
  EXPECT_EQ(answer.body, "1:1\n2:2\n4:3\n");
  EXPECT_EQ(c.call("GET", "/x").status, 200U) << "the connection goes on";
}

TEST_F(StreamTest, AnswersTheFirstLinesBeforeTheLastHaveCome) {
  start();
  auto c = client();
  c.send("POST /lines HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
  std::this_thread::sleep_for(milliseconds{50});
  c.send("3\r\nbb\n\r\n0\r\n\r\n");
  EXPECT_EQ(c.receive().body, "1:1\n2:2\n");
}

TEST_F(StreamTest, SurvivesAClientThatReadsNothingBeforeItHasSentAll) {
  start();
  auto c = client();
  std::string body;
  while (body.size() < 20'000'000) body += "0123456789\n";
  ASSERT_TRUE(c.send(Client::request("POST", "/lines", body, "application/x-ndjson")));
  const auto answer = c.receive();
  EXPECT_EQ(answer.status, 200U);
  EXPECT_TRUE(answer.body.ends_with(std::to_string(body.size() / 11) + ":10\n"));
}

TEST_F(StreamTest, CutsAClientThatLetsItsAnswersPileUp) {
  limits_.unread_bytes = 100'000;
  limits_.stream_pause = milliseconds{300};
  start();
  auto c = client();
  std::string body;
  while (body.size() < 30'000'000) body += "1\n";
  EXPECT_FALSE(c.send(Client::request("POST", "/lines", body, "application/x-ndjson")));
}

TEST_F(StreamTest, RefusesStreamsOverTheirLimit) {
  limits_.stream_bytes = 1000;
  limits_.streams = 1;
  start();
  auto c = client();
  c.send(Client::request("POST", "/lines", std::string(1001, 'x'), "application/x-ndjson"));
  EXPECT_EQ(c.receive().status, 413U);
  auto chunked = client();
  chunked.send("POST /lines HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n" +
               std::string{"400\r\n"} + std::string(0x400, 'x') + "\r\n0\r\n\r\n");
  const auto answer = chunked.receive();
  EXPECT_TRUE(answer.body.starts_with("1:1\n")) << answer.body;
  EXPECT_TRUE(answer.has(R"({"line":2,"error":{"code":"too_large")")) << answer.body;
  EXPECT_TRUE(chunked.ended());
  auto first = client();
  first.send("POST /lines HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
  std::this_thread::sleep_for(milliseconds{50});
  auto second = client();
  EXPECT_EQ(second.call("POST", "/lines", "a\n", "application/x-ndjson").status, 503U);
  first.send("0\r\n\r\n");
  EXPECT_EQ(first.receive().status, 200U);
  EXPECT_EQ(second.call("POST", "/lines", "a\n", "application/x-ndjson").status, 200U);
}

TEST_F(StreamTest, NeverTakesALineThatWasCutOff) {
  start();
  auto c = client();
  c.send("POST /lines HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nwhole\npart");
  c.end_sending();
  const auto answer = c.receive();
  EXPECT_TRUE(answer.body.starts_with("1:5\n")) << answer.body;
  EXPECT_TRUE(answer.has(R"("line":2,"error":{"code":"incomplete_body")")) << answer.body;
}

}  // namespace
}  // namespace postrider::adapters::http
