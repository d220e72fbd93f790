// POST /v1/order-events over the real pipeline.
#include <future>
#include <thread>

#include "adapters/http/api/service_fixture.hpp"

namespace postrider::adapters::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
constexpr std::string_view path = "/v1/order-events";
constexpr std::string_view ndjson = "application/x-ndjson";

using OrderEventsTest = ServiceTest;

TEST_F(OrderEventsTest, AcceptsOnceAndRecognisesTheRepeat) {
  start();
  auto c = client();
  const auto first = c.call("POST", path, event("o1"));
  EXPECT_EQ(first.status, 202U);
  EXPECT_EQ(first.field("Content-Type"), "application/json");
  const auto id = member(first.body, "notification_id");
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(first.body,
            R"({"notification_id":")" + id + R"(","state":"accepted","duplicate":false})");
  const auto again = c.call("POST", path, event("o1"));
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(member(again.body, "notification_id"), id);
  EXPECT_TRUE(again.has(R"("duplicate":true)"));
  EXPECT_EQ(stored(), 1U);
}

TEST_F(OrderEventsTest, AnswersAConflictWith409) {
  start();
  auto c = client();
  EXPECT_EQ(c.call("POST", path, event("o1", "confirmed", R"(,"dedupe_key":"k")")).status, 202U);
  const auto answer = c.call("POST", path, event("o1", "shipped", R"(,"dedupe_key":"k")"));
  EXPECT_EQ(answer.status, 409U);
  EXPECT_EQ(member(answer.body, "code"), "conflict");
  EXPECT_EQ(member(answer.body, "pointer"), "/dedupe_key");
}

TEST_F(OrderEventsTest, RefusesWithCodePointerAndHintAndStoresNothing) {
  start();
  auto c = client();
  struct Case {
    std::string body;
    unsigned status;
    std::string code, pointer;
  };
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "{\"a\":";
  const std::vector<Case> cases{
      {R"({"order_id": "x")", 400, "invalid_json", ""},
      {"[]", 0, "", ""},
      {"\xff", 400, "invalid_utf8", ""},
      {R"({"customer_id":"c","status":"s"})", 422, "missing_field", "/order_id"},
      {R"({"order_id":1,"customer_id":"c","status":"s"})", 422, "wrong_type", "/order_id"},
      {R"({"order_id":"a","order_id":"b","customer_id":"c","status":"s"})", 400, "duplicate_key",
       "/order_id"},
      {R"({"order_id":"a","customer_id":"c","status":"s","extra":1})", 422, "unknown_field", ""},
      {R"({"order_id":")" + std::string(200, 'x') + R"(","customer_id":"c","status":"s"})", 422,
       "too_long", "/order_id"},
      {deep, 400, "", ""},
  };
  for (const auto& expected : cases) {
    const auto answer = c.call("POST", path, expected.body);
    if (expected.status != 0) {
      EXPECT_EQ(answer.status, expected.status) << expected.body;
    }
    EXPECT_GE(answer.status, 400U) << expected.body;
    EXPECT_EQ(answer.field("Content-Type"), "application/problem+json");
    if (!expected.code.empty()) {
      EXPECT_EQ(member(answer.body, "code"), expected.code);
    }
    if (!expected.pointer.empty()) {
      EXPECT_EQ(member(answer.body, "pointer"), expected.pointer);
    }
    EXPECT_FALSE(member(answer.body, "hint").empty()) << answer.body;
  }
  EXPECT_EQ(c.call("POST", path).status, 415U) << "no body, no type";
  EXPECT_EQ(stored(), 0U);
  EXPECT_EQ(telemetry_.counted(ports::Counter::events_refused),
            static_cast<std::int64_t>(cases.size()));
}

TEST_F(OrderEventsTest, RefusesOtherMediaTypesMethodsAndSizes) {
  start();
  auto c = client();
  EXPECT_EQ(c.call("POST", path, event("o1"), "text/plain").status, 415U);
  EXPECT_EQ(c.call("POST", path, event("o1"), "application/x-www-form-urlencoded").status, 415U);
  const auto get = c.call("GET", path);
  EXPECT_EQ(get.status, 405U);
  EXPECT_EQ(get.field("Allow"), "POST");
  EXPECT_EQ(c.call("POST", path, event("o1"), "application/json; charset=utf-8").status, 202U);
  c.send(Client::request("POST", path, std::string(1 << 20, ' ')));
  EXPECT_EQ(c.receive().status, 413U);
}

TEST_F(OrderEventsTest, AnswersPipelinedEventsInOrder) {
  start();
  auto c = client();
  std::string all;
  for (int i = 0; i < 100; ++i)
    all += Client::request("POST", path, i % 10 == 9 ? "{" : event("o" + std::to_string(i)));
  ASSERT_TRUE(c.send(all));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(c.receive().status, i % 10 == 9 ? 400U : 202U) << i;
  EXPECT_EQ(stored(), 90U);
}

TEST_F(OrderEventsTest, CommitsEverythingThatWaitsAtOnce) {
  start();
  store_.shut();
  std::vector<Client> clients;
  for (int i = 0; i < 51; ++i) clients.push_back(client());
  clients[0].send(Client::request("POST", path, event("first")));
  store_.wait_for_visitor();
  for (int i = 1; i < 51; ++i)
    clients[static_cast<std::size_t>(i)].send(
        Client::request("POST", path, event("o" + std::to_string(i))));
  std::this_thread::sleep_for(milliseconds{200});
  store_.open();
  for (auto& c : clients) EXPECT_EQ(c.receive().status, 202U);
  EXPECT_EQ(store_.inserts(), 2);
}

TEST_F(OrderEventsTest, AnswersAFullQueueWith503AndStoresNothing) {
  setup_ = [](Services& services) { services.intake.queue = 2; };
  start();
  store_.shut();
  std::vector<Client> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(client());
  clients[0].send(Client::request("POST", path, event("o0")));
  store_.wait_for_visitor();
  clients[1].send(Client::request("POST", path, event("o1")));
  clients[2].send(Client::request("POST", path, event("o2")));
  std::this_thread::sleep_for(milliseconds{100});
  const auto answer = clients[3].call("POST", path, event("o3"));
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(member(answer.body, "code"), "unavailable");
  EXPECT_EQ(answer.field("Retry-After"), "1");
  store_.open();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(clients[static_cast<std::size_t>(i)].receive().status, 202U);
  EXPECT_EQ(stored(), 3U);
}

TEST_F(OrderEventsTest, AnswersAFailingStoreWith503AndRecovers) {
  start();
  auto c = client();
  const auto fail = [this](std::optional<domain::Error> error) {
    const concurrency::Lock lock{world_.mutex};
    world_.write_failure = std::move(error);
  };
  fail(domain::Error{domain::ErrorKind::storage_full, "disk"});
  const auto full = c.call("POST", path, event("o1"));
  EXPECT_EQ(full.status, 503U);
  EXPECT_EQ(member(full.body, "code"), "storage_full");
  EXPECT_FALSE(full.field("Retry-After").empty());
  fail(domain::Error{domain::ErrorKind::unavailable, "gone"});
  EXPECT_EQ(member(c.call("POST", path, event("o1")).body, "code"), "unavailable");
  const auto bulk = c.call("POST", path, event("o1") + "\n{\n" + event("o2"), ndjson);
  const auto lines = lines_of(bulk.body);
  ASSERT_EQ(lines.size(), 3U) << bulk.body;
  EXPECT_EQ(member(lines[0], "code"), "unavailable");
  EXPECT_EQ(member(lines[1], "code"), "invalid_json");
  EXPECT_TRUE(lines[2].starts_with(R"({"line":3,"error":{"code":"unavailable")"));
  fail(std::nullopt);
  EXPECT_EQ(c.call("POST", path, event("o1")).status, 202U);
}

TEST_F(OrderEventsTest, AnswersFiveThousandLinesInOrderWithTheBadOnesAmongThem) {
  start();
  auto c = client();
  std::string body;
  for (int i = 1; i <= 5000; ++i) {
    if (i % 7 == 0) {
      body += R"({"order_id":"x","status":"confirmed"})";
    } else if (i % 11 == 0) {
      body += "not json";
    } else {
      body += event("o" + std::to_string(i % 13 == 0 ? 1 : i));
    }
    if (i < 5000) body += '\n';
  }
  const auto answer = c.call("POST", path, body, ndjson);
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.field("Content-Type"), ndjson);
  const auto lines = lines_of(answer.body);
  ASSERT_EQ(lines.size(), 5000U);
  for (int i = 1; i <= 5000; ++i) {
    const auto& line = lines[static_cast<std::size_t>(i - 1)];
    ASSERT_TRUE(line.starts_with("{\"line\":" + std::to_string(i) + ",")) << line;
    if (i % 7 == 0) {
      ASSERT_EQ(member(line, "pointer"), "/customer_id") << line;
    } else if (i % 11 == 0) {
      ASSERT_EQ(member(line, "code"), "invalid_json") << line;
    } else {
      const bool repeat = i % 13 == 0;
      ASSERT_NE(line.find(repeat ? "\"duplicate\":true" : "\"duplicate\":false"), std::string::npos)
          << line;
    }
  }
}

TEST_F(OrderEventsTest, CountsBlankLinesAndReportsALineThatIsTooLong) {
  start();
  auto c = client();
  const auto answer = c.call(
      "POST", path, "\n\r\n" + event("o1") + "\n" + std::string(300'000, 'x') + "\n", ndjson);
  const auto lines = lines_of(answer.body);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].starts_with("{\"line\":3,\"notification_id\""));
  EXPECT_TRUE(lines[1].starts_with("{\"line\":4,\"error\":{\"code\":\"line_too_long\""));
}

TEST_F(OrderEventsTest, LetsABulkWaitForRoomInTheQueue) {
  setup_ = [](Services& services) { services.intake.queue = 50; };
  limits_.slice_lines = 40;
  start();
  std::string body;
  for (int i = 0; i < 1000; ++i) body += event("o" + std::to_string(i)) + "\n";
  auto a = client();
  auto b = client();
  a.send(Client::request("POST", path, body, ndjson));
  b.send(Client::request("POST", path, body, ndjson));
  const auto first = a.receive();
  const auto second = b.receive();
  EXPECT_FALSE(first.has("error"));
  EXPECT_FALSE(second.has("error"));
  EXPECT_EQ(stored(), 1000U);
}

TEST_F(OrderEventsTest, CommitsWhatWasTakenWhenItStops) {
  start();
  store_.shut();
  auto c = client();
  c.send(Client::request("POST", path, event("o1")));
  store_.wait_for_visitor();
  auto stopped = std::async(std::launch::async, [this] { return service_->stop(seconds{5}); });
  std::this_thread::sleep_for(milliseconds{50});
  store_.open();
  EXPECT_EQ(c.receive().status, 202U);
  EXPECT_TRUE(stopped.get());
  EXPECT_EQ(stored(), 1U);
}

TEST_F(OrderEventsTest, EndsCleanlyWhenTheStoreOutlastsTheGrace) {
  start();
  store_.shut();
  auto c = client();
  c.send(Client::request("POST", path, event("o1")));
  auto bulk = client();
  bulk.send(Client::request("POST", path, event("o2") + "\n" + event("o3"), ndjson));
  store_.wait_for_visitor();
  auto stopped =
      std::async(std::launch::async, [this] { return service_->stop(milliseconds{20}); });
  std::this_thread::sleep_for(milliseconds{400});
  store_.open();
  EXPECT_FALSE(stopped.get());
  EXPECT_EQ(c.receive().status, 0U);
  service_.reset();
  EXPECT_GE(stored(), 1U);
}

}  // namespace
}  // namespace postrider::adapters::http
