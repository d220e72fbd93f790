// Access: keys, shops, modes, local callers, rates; and the log lines about it.
#include <atomic>
#include <nlohmann/json.hpp>

#include "adapters/http/api/service_fixture.hpp"

namespace postrider::adapters::http {
namespace {

constexpr std::string_view events = "/v1/order-events";

class AccessTest : public ServiceTest {
 protected:
  AccessTest() {
    setup_ = [](Services& services) {
      services.keys_required = [] { return true; };
      services.authenticate = [](std::string_view bearer) -> std::optional<KeyInfo> {
        if (bearer == "pr_live_a") return KeyInfo{"a", "shop-a", domain::Mode::live};
        if (bearer == "pr_test_a") return KeyInfo{"a-test", "shop-a", domain::Mode::test};
        if (bearer == "pr_live_b") return KeyInfo{"b", "shop-b", domain::Mode::live};
        return std::nullopt;
      };
      services.receipt_sources["signed"].parse = [](std::string_view body,
                                                    const HeaderLookup& headers) {
        if (headers("x-signature") != "good") return ParsedReceipts{SignatureInvalid{}};
        domain::Receipt receipt;
        receipt.carrier = "signed";
        receipt.message_id = std::string{body};
        return ParsedReceipts{message::ReceiptBatch{{receipt}, {}}};
      };
    };
  }

  Answer as(const std::string& key, std::string_view method, std::string_view target,
            std::string_view body = {}) {
    auto c = client();
    return c.call(method, target, body, "application/json",
                  key.empty() ? "" : "Authorization: Bearer " + key + "\r\n");
  }
};

TEST_F(AccessTest, NothingUnderV1WithoutAKey) {
  start();
  const std::vector<std::pair<std::string, std::string>> calls{
      {"POST", "/v1/order-events"},
      {"GET", "/v1/notifications"},
      {"GET", "/v1/notifications/00000000-0000-5000-8000-000000000000"},
      {"PUT", "/v1/customers/c1"},
      {"GET", "/v1/customers/c1"},
      {"DELETE", "/v1/customers/c1"},
      {"POST", "/v1/customers"},
      {"GET", "/v1/opt-outs"},
      {"POST", "/v1/opt-outs"},
      {"DELETE", "/v1/opt-outs"},
      {"GET", "/v1/dead-letters"},
      {"POST", "/v1/dead-letters/00000000-0000-5000-8000-000000000000/replay"},
      {"GET", "/v1/no-such-thing"},
      {"DELETE", "/v1/order-events"},
  };
  for (const auto& [method, target] : calls) {
    for (const auto* key : {"", "wrong", "pr_live_"}) {
      const auto answer = as(key, method, target, method == "GET" ? "" : "{}");
      EXPECT_EQ(answer.status, 401U) << method << ' ' << target;
      EXPECT_TRUE(answer.field("WWW-Authenticate").starts_with("Bearer"));
      EXPECT_EQ(member(answer.body, "code"), "unauthorized");
    }
  }
  EXPECT_EQ(as("pr_live_a", "GET", "/v1/no-such-thing").status, 404U);
}

TEST_F(AccessTest, HealthIsOpenAndMetricsAreOnLoopback) {
  start();
  EXPECT_EQ(as("", "GET", "/healthz").status, 200U);
  EXPECT_EQ(as("", "GET", "/readyz").status, 200U);
  EXPECT_EQ(as("", "GET", "/openapi.yaml").body, "openapi: 3.1.0\n");
  EXPECT_EQ(as("", "GET", "/metrics").body, "postrider_up 1\n");
}

TEST_F(AccessTest, TakesTheSchemeInAnyCase) {
  start();
  auto c = client();
  const auto with = [&c](const std::string& value) {
    return c
        .call("POST", events, event("o1"), "application/json", "Authorization: " + value + "\r\n")
        .status;
  };
  EXPECT_EQ(with("bearer pr_live_a"), 202U);
  EXPECT_EQ(with("BEARER pr_live_a"), 200U);
  EXPECT_EQ(with("Basic pr_live_a"), 401U);
  EXPECT_EQ(with("Bearerpr_live_a"), 401U);
}

TEST_F(AccessTest, AShopNeverSeesAnothersNotifications) {
  start();
  const auto mine = as("pr_live_a", "POST", events, event("o1"));
  ASSERT_EQ(mine.status, 202U);
  const auto target = "/v1/notifications/" + member(mine.body, "notification_id");
  EXPECT_EQ(as("pr_live_a", "GET", target).status, 200U);
  EXPECT_EQ(as("pr_live_b", "GET", target).status, 404U);
  const auto list = as("pr_live_b", "GET", "/v1/notifications?order_id=o1");
  EXPECT_EQ(list.body, R"({"notifications":[],"next_cursor":null})");
  const auto same_order = as("pr_live_b", "POST", events, event("o1"));
  EXPECT_EQ(same_order.status, 202U) << "another shop's order of the same number is no duplicate";
}

TEST_F(AccessTest, ListsFillTheirPagesAcrossOtherShops) {
  start();
  for (int i = 0; i < 40; ++i)
    as(i % 10 == 0 ? "pr_live_a" : "pr_live_b", "POST", events, event("o" + std::to_string(i)));
  const auto page = nlohmann::json::parse(as("pr_live_a", "GET", "/v1/notifications?limit=3").body);
  EXPECT_EQ(page["notifications"].size(), 3U);
  const auto cursor = page["next_cursor"].get<std::string>();
  const auto rest = nlohmann::json::parse(
      as("pr_live_a", "GET", "/v1/notifications?limit=3&cursor=" + cursor).body);
  EXPECT_EQ(rest["notifications"].size(), 1U);
  EXPECT_TRUE(rest["next_cursor"].is_null());
}

TEST_F(AccessTest, AShopNeverSeesAnothersCustomers) {
  start();
  EXPECT_EQ(as("pr_live_a", "PUT", "/v1/customers/c1", R"({"email":"a@x.example"})").status, 200U);
  EXPECT_EQ(as("pr_live_a", "GET", "/v1/customers/c1").status, 200U);
  EXPECT_EQ(as("pr_live_b", "GET", "/v1/customers/c1").status, 404U);
  EXPECT_EQ(as("pr_live_b", "DELETE", "/v1/customers/c1").status, 404U);
  EXPECT_EQ(as("pr_live_a", "GET", "/v1/customers/c1").status, 200U);
}

TEST_F(AccessTest, ATestKeySeesOnlyWhatTestKeysMade) {
  start();
  const auto live = as("pr_live_a", "POST", events, event("o1"));
  const auto test = as("pr_test_a", "POST", events, event("o1"));
  ASSERT_EQ(test.status, 202U);
  const auto record = [this](const std::string& key, const Answer& answer) {
    return as(key, "GET", "/v1/notifications/" + member(answer.body, "notification_id"));
  };
  EXPECT_EQ(record("pr_test_a", live).status, 404U);
  EXPECT_EQ(member(record("pr_test_a", test).body, "mode"), "test");
  EXPECT_EQ(record("pr_live_a", test).status, 200U);
}

TEST_F(AccessTest, ATestKeyTouchesNoRealPerson) {
  start();
  ASSERT_EQ(as("pr_live_a", "PUT", "/v1/customers/c1", R"({"email":"a@x.example"})").status, 200U);
  const std::string number = R"({"phone":"+4915112345678"})";
  EXPECT_EQ(as("pr_test_a", "GET", "/v1/opt-outs").status, 403U);
  EXPECT_EQ(as("pr_test_a", "POST", "/v1/opt-outs", number).status, 403U);
  EXPECT_EQ(as("pr_test_a", "DELETE", "/v1/opt-outs?phone=%2B4915112345678").status, 403U);
  EXPECT_EQ(as("pr_test_a", "GET", "/v1/customers/c1").status, 403U);
  EXPECT_EQ(as("pr_test_a", "PUT", "/v1/customers/c1", R"({"email":null})").status, 403U);
  EXPECT_EQ(as("pr_test_a", "DELETE", "/v1/customers/c1").status, 403U);
  EXPECT_EQ(as("pr_test_a", "POST", "/v1/customers", R"({"id":"c2"})").status, 403U);
  EXPECT_EQ(member(as("pr_live_a", "GET", "/v1/customers/c1").body, "email"), "a@x.example");
  const auto listed = as("pr_live_a", "GET", "/v1/opt-outs");
  EXPECT_EQ(listed.body, R"({"opt_outs":[],"next_cursor":null})");
}

TEST_F(AccessTest, ReceiptsAreSignedInsteadOfKeyed) {
  start();
  auto c = client();
  const auto post = [&c](const std::string& carrier, const std::string& signature) {
    return c.call("POST", "/v1/receipts/" + carrier, "m1", "application/json",
                  "X-Signature: " + signature + "\r\n");
  };
  EXPECT_EQ(post("signed", "bad").status, 401U);
  EXPECT_EQ(post("other", "good").status, 404U);
  const auto answer = post("signed", "good");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, R"({"applied":0,"noted":0,"kept":1,"refused":[]})");
}

TEST_F(AccessTest, LimitsEachKeyByItsBucket) {
  const auto keys = setup_;
  setup_ = [keys](Services& services) {
    keys(services);
    services.requests_per_second = 0.01;
    services.request_burst = 2;
  };
  start();
  EXPECT_EQ(as("pr_live_a", "POST", events, event("o1")).status, 202U);
  EXPECT_EQ(as("pr_live_a", "POST", events, event("o2")).status, 202U);
  const auto third = as("pr_live_a", "POST", events, event("o3"));
  EXPECT_EQ(third.status, 429U);
  EXPECT_GT(std::stoi(third.field("Retry-After")), 0);
  EXPECT_EQ(as("pr_live_b", "POST", events, event("o3")).status, 202U);
  EXPECT_EQ(as("", "GET", "/healthz").status, 200U);
}

TEST_F(AccessTest, WithoutKeysOnlyLocalProgramsMayCall) {
  setup_ = {};
  start();
  auto c = client();
  const auto from = [&c](const std::string& host, const std::string& origin) {
    c.send("GET /v1/dead-letters HTTP/1.1\r\nHost: " + host + "\r\n" +
           (origin.empty() ? "" : "Origin: " + origin + "\r\n") + "\r\n");
    return c.receive().status;
  };
  EXPECT_EQ(from("127.0.0.1:8080", ""), 200U);
  EXPECT_EQ(from("localhost:8080", "http://localhost:8080"), 200U);
  EXPECT_EQ(from("[::1]:8080", ""), 200U);
  EXPECT_EQ(from("evil.example:8080", ""), 403U) << "DNS rebinding";
  EXPECT_EQ(from("127.0.0.1.evil.example", ""), 403U);
  EXPECT_EQ(from("127.0.0.1:8080", "http://evil.example"), 403U) << "a form of another site";
}

TEST_F(AccessTest, AKeyThatIsGivenCountsThoughNoneIsNeeded) {
  const auto keys = setup_;
  setup_ = [keys](Services& services) {
    keys(services);
    services.keys_required = {};
  };
  start();
  const auto made = as("pr_test_a", "POST", events, event("o1"));
  ASSERT_EQ(made.status, 202U);
  const auto record =
      as("pr_test_a", "GET", "/v1/notifications/" + member(made.body, "notification_id"));
  EXPECT_EQ(member(record.body, "mode"), "test");
  EXPECT_EQ(as("pr_test_gone", "POST", events, event("o2")).status, 401U) << "a revoked key";
  EXPECT_EQ(as("", "POST", events, event("o2")).status, 202U);
}

TEST_F(AccessTest, KeysThatComeWhileItRunsAreNeededFromThenOn) {
  const auto keys = setup_;
  auto needed = std::make_shared<std::atomic<bool>>(false);
  setup_ = [keys, needed](Services& services) {
    keys(services);
    services.keys_required = [needed] { return needed->load(); };
  };
  start();
  EXPECT_EQ(as("", "POST", events, event("o1")).status, 202U);
  *needed = true;
  EXPECT_EQ(as("", "POST", events, event("o2")).status, 401U);
  EXPECT_EQ(as("", "GET", "/v1/no-such-thing").status, 401U);
  EXPECT_EQ(as("pr_live_a", "POST", events, event("o2")).status, 202U);
}

TEST_F(AccessTest, UnsignedReceiptsComeFromThisMachineAndOnlyWhileNoKeyIsNeeded) {
  auto needed = std::make_shared<std::atomic<bool>>(false);
  setup_ = [needed](Services& services) {
    services.keys_required = [needed] { return needed->load(); };
    services.receipt_sources["http"] = {
        [](std::string_view, const HeaderLookup&) {
          return ParsedReceipts{message::ReceiptBatch{std::vector<domain::Receipt>(1), {}}};
        },
        false};
  };
  start();
  auto c = client();
  const auto from = [&c](const std::string& host, const std::string& origin) {
    c.send("POST /v1/receipts/http HTTP/1.1\r\nHost: " + host +
           "\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n" +
           (origin.empty() ? "" : "Origin: " + origin + "\r\n") + "\r\n{}");
    return c.receive().status;
  };
  EXPECT_EQ(from("evil.example", "http://evil.example"), 403U);
  EXPECT_EQ(from("127.0.0.1:8080", "http://evil.example"), 403U);
  EXPECT_EQ(from("127.0.0.1:8080", ""), 200U);
  *needed = true;
  EXPECT_EQ(from("127.0.0.1:8080", ""), 404U);
}

TEST_F(AccessTest, RefusesToServeTheWorldWithoutKeys) {
  setup_ = {};
  start();
  Services services = bare_services();
  EXPECT_THROW(HttpService({"0.0.0.0", 0}, limits_, services), std::invalid_argument);
  services.keys_required = [] { return true; };
  EXPECT_NO_THROW(HttpService({"0.0.0.0", 0}, limits_, services));
}

TEST_F(AccessTest, LogsRoutesAndNeverPathsOrKeys) {
  start();
  as("pr_live_a", "GET", "/v1/customers/Kanarienvogel");
  as("Kanarienvogel", "GET", "/v1/Kanarienvogel?x=Kanarienvogel");
  service_->stop(std::chrono::seconds{1});
  bool seen = false;
  for (const auto& line : telemetry_.lines())
    for (const auto& [field, value] : line.fields) {
      EXPECT_EQ(value.find("Kanarienvogel"), std::string::npos);
      seen = seen || value == "/v1/customers/{id}";
    }
  EXPECT_TRUE(seen);
}

TEST_F(AccessTest, AFloodOfRefusalsWritesFewLines) {
  start();
  auto c = client();
  for (int i = 0; i < 500; ++i) c.call("GET", "/v1/notifications");
  service_->stop(std::chrono::seconds{1});
  const auto lines = telemetry_.lines().size();
  EXPECT_GE(lines, 1U);
  EXPECT_LE(lines, 20U * 10);
}

}  // namespace
}  // namespace postrider::adapters::http
