// Notifications, customers, opt-outs, dead letters, receipts and the status pages.
#include <nlohmann/json.hpp>

#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/service_fixture.hpp"
#include "message/phone/phone.hpp"

namespace postrider::adapters::http {
namespace {

using domain::State;
using nlohmann::json;

class ResourcesTest : public ServiceTest {
 protected:
  std::string send(const std::string& order, const std::string& status = "confirmed") {
    auto c = client();
    return member(c.call("POST", "/v1/order-events", event(order, status)).body, "notification_id");
  }

  /// Puts a stored notification into `state` behind the service's back.
  void put_into(const std::string& id, State state) {
    const concurrency::Lock lock{world_.mutex};
    world_.rows.at(*domain::parse_notification_id(id)).notification.state = state;
  }

  json get(const std::string& target, unsigned status = 200) {
    auto c = client();
    const auto answer = c.call("GET", target);
    EXPECT_EQ(answer.status, status) << target;
    return json::parse(answer.body);
  }
};

TEST_F(ResourcesTest, ShowsARecordWithMaskedContactsAndHistory) {
  start();
  const auto id = send("o1", "cancelled");
  const auto record = get("/v1/notifications/" + id);
  EXPECT_EQ(record["id"], id);
  EXPECT_EQ(record["state"], "accepted");
  EXPECT_EQ(record["channel"], "sms");
  EXPECT_EQ(record["order_id"], "o1");
  EXPECT_EQ(record["customer_id"], "c1");
  EXPECT_EQ(record["status"], "cancelled");
  EXPECT_EQ(record["mode"], "live");
  EXPECT_EQ(record["priority"], "high");
  EXPECT_EQ(record["phone"], message::mask_phone("+4915112345678"));
  EXPECT_EQ(record["email"], "c…@m….example");
  EXPECT_EQ(record["created_at"], message::format_timestamp(clock_.now()));
  EXPECT_TRUE(record["reason"].is_null());
  ASSERT_EQ(record["history"].size(), 1U);
  EXPECT_TRUE(record["history"][0]["from"].is_null());
  EXPECT_EQ(record["history"][0]["to"], "accepted");
  EXPECT_TRUE(record["attempts"].empty());
  EXPECT_EQ(record.dump().find("12345678"), std::string::npos);
}

TEST_F(ResourcesTest, ShowsAttemptsWithReceipts) {
  domain::NotificationDetails details;
  details.notification.state = State::delivered;
  details.notification.proof = domain::Proof::handset;
  domain::Attempt made;
  made.no = 1;
  made.submission.outcome = domain::Submitted::accepted;
  made.submission.carrier = "simulator";
  made.submission.message_id = "m1";
  made.submission.segments = 2;
  made.submission.price = domain::Money{15'000};
  made.receipt.emplace();
  made.receipt->outcome = domain::ReceiptOutcome::delivered;
  made.receipt->proof = domain::Proof::handset;
  details.attempts.push_back(made);
  const auto record = json::parse(dump(record_json(details)));
  EXPECT_EQ(record["proof"], "handset");
  const auto& attempt = record["attempts"][0];
  EXPECT_EQ(attempt["no"], 1);
  EXPECT_EQ(attempt["channel"], "sms");
  EXPECT_EQ(attempt["carrier"], "simulator");
  EXPECT_EQ(attempt["message_id"], "m1");
  EXPECT_EQ(attempt["outcome"], "accepted");
  EXPECT_EQ(attempt["segments"], 2);
  EXPECT_EQ(attempt["price"], "0.015");
  EXPECT_TRUE(attempt["error"].is_null());
  EXPECT_EQ(attempt["receipt"]["outcome"], "delivered");
  EXPECT_EQ(attempt["receipt"]["proof"], "handset");
}

TEST(MaskEmail, ShowsTwoLettersAndTheTopLevelDomain) {
  EXPECT_EQ(mask_email("carla@mail.example"), "c…@m….example");
  EXPECT_EQ(mask_email("é@mail.example"), "…@m….example");
  for (const auto* odd : {"", "x", "@", "@a.b", "a@b", "a@.b"}) EXPECT_EQ(mask_email(odd), "…");
}

TEST_F(ResourcesTest, FiltersAndPagesLists) {
  start();
  for (int i = 0; i < 5; ++i) {
    send("o" + std::to_string(i));
    clock_.advance(std::chrono::seconds{1});
  }
  put_into(send("special"), State::dead);
  EXPECT_EQ(get("/v1/notifications?order_id=o3")["notifications"].size(), 1U);
  EXPECT_EQ(get("/v1/notifications?customer_id=c1")["notifications"].size(), 6U);
  EXPECT_EQ(get("/v1/notifications?customer_id=c2")["notifications"].size(), 0U);
  EXPECT_EQ(get("/v1/notifications?state=dead")["notifications"][0]["order_id"], "special");
  const auto from = message::format_timestamp(clock_.now() - std::chrono::milliseconds{2500});
  EXPECT_EQ(get("/v1/notifications?from=" + from)["notifications"].size(), 3U);
  std::string target = "/v1/notifications?limit=4";
  std::vector<std::string> orders;
  for (int page = 0; page < 2; ++page) {
    const auto answer = get(target);
    for (const auto& n : answer["notifications"]) orders.push_back(n["order_id"]);
    if (answer["next_cursor"].is_null()) break;
    target = "/v1/notifications?limit=4&cursor=" + answer["next_cursor"].get<std::string>();
  }
  EXPECT_THAT(orders, testing::ElementsAre("special", "o4", "o3", "o2", "o1", "o0"));
}

TEST_F(ResourcesTest, RefusesNonsenseInQueries) {
  start();
  for (const auto* query :
       {"state=nonsense", "from=yesterday", "limit=0", "limit=501", "limit=1x",
        "limit=", "cursor=never-given", "colour=red", "order_id=a&order_id=b", "order_id=%"})
    get(std::string{"/v1/notifications?"} + query, 400);
}

TEST_F(ResourcesTest, ARefusalNamesWhatIsMissingOrWrong) {
  start();
  const auto hint = [&](const std::string& target, unsigned status) {
    return get(target, status)["hint"].get<std::string>();
  };
  const std::string unknown = "00000000-0000-5000-8000-000000000000";
  for (const auto& id : {std::string{"not-an-id"}, unknown})
    EXPECT_EQ(hint("/v1/notifications/" + id, 404), "there is no notification with this id");
  EXPECT_EQ(hint("/v1/customers/none", 404), "there is no customer with this id");
  EXPECT_EQ(hint("/v1/nowhere", 404), "there is nothing at this address");
  for (const auto* list : {"/v1/notifications", "/v1/dead-letters"})
    EXPECT_EQ(hint(std::string{list} + "?cursor=xxx", 400),
              "cursor must be the next_cursor of an earlier answer");
}

TEST_F(ResourcesTest, StoresShowsAndErasesCustomers) {
  start();
  auto c = client();
  const auto put = c.call("PUT", "/v1/customers/a%2Fb%20c",
                          R"({"phone":"0151 12345678","email":"a@x.example","sms_opt_in":false})");
  EXPECT_EQ(put.status, 200U);
  EXPECT_EQ(put.body, R"({"phone_valid":true,"phone_problem":null})");
  const auto shown = get("/v1/customers/a%2Fb%20c");
  EXPECT_EQ(shown["id"], "a/b c");
  EXPECT_EQ(shown["phone"], "0151 12345678");
  EXPECT_EQ(shown["e164"], "+4915112345678");
  EXPECT_EQ(shown["sms_opt_in"], false);
  EXPECT_EQ(shown["email_opt_in"], true);
  EXPECT_TRUE(shown["locale"].is_null());
  const auto bad = c.call("PUT", "/v1/customers/c2", R"({"phone":"12"})");
  EXPECT_EQ(member(bad.body, "phone_problem"), "too_short");
  const auto uncallable = get("/v1/customers/c2");
  EXPECT_TRUE(uncallable["e164"].is_null()) << uncallable["e164"];
  EXPECT_EQ(uncallable["phone_problem"], "too_short");
  EXPECT_EQ(c.call("PUT", "/v1/customers/c3", R"({"phone":5})").status, 422U);
  EXPECT_EQ(c.call("PUT", "/v1/customers/c3", "{}", "text/plain").status, 415U);
  EXPECT_EQ(c.call("PUT", "/v1/customers/" + std::string(129, 'x'), "{}").status, 422U);
  EXPECT_EQ(c.call("DELETE", "/v1/customers/c2").status, 204U);
  EXPECT_EQ(c.call("DELETE", "/v1/customers/c2").status, 404U);
  get("/v1/customers/c2", 404);
  EXPECT_EQ(c.call("POST", "/v1/customers/c2", "{}").field("Allow"), "PUT, GET, HEAD, DELETE");
}

TEST_F(ResourcesTest, ImportsCustomersLineByLine) {
  start();
  auto c = client();
  const auto answer =
      c.call("POST", "/v1/customers",
             "{\"id\":\"c1\",\"email\":\"a@x.example\"}\n{\"email\":\"b@x.example\"}\n"
             "{\"id\":\"c2\",\"phone\":\"12\"}",
             "application/x-ndjson");
  const auto lines = lines_of(answer.body);
  ASSERT_EQ(lines.size(), 3U) << answer.body;
  EXPECT_EQ(lines[0], R"({"line":1,"id":"c1","phone_problem":null})");
  EXPECT_TRUE(lines[1].starts_with(R"({"line":2,"error":{"code":"missing_field","pointer":"/id")"))
      << lines[1];
  EXPECT_EQ(lines[2], R"({"line":3,"id":"c2","phone_problem":"too_short"})");
  EXPECT_EQ(get("/v1/customers/c1")["email"], "a@x.example");
  EXPECT_EQ(c.call("POST", "/v1/customers", "{}").status, 415U);
}

TEST_F(ResourcesTest, KeepsOptOutsWithAnAuditRow) {
  start();
  auto c = client();
  const auto added = c.call("POST", "/v1/opt-outs", R"({"phone":"0151 12345678"})");
  EXPECT_EQ(added.status, 200U) << added.body;
  EXPECT_FALSE(added.has("12345678"));
  EXPECT_EQ(get("/v1/opt-outs")["opt_outs"][0]["phone"], "+4915112345678");
  EXPECT_EQ(get("/v1/opt-outs")["opt_outs"][0]["source"], "operator");
  EXPECT_TRUE(get("/v1/opt-outs?limit=1&cursor=%2B4915112345678")["opt_outs"].empty());
  EXPECT_EQ(c.call("DELETE", "/v1/opt-outs", R"({"phone":"+4915112345678"})").status, 204U);
  EXPECT_EQ(c.call("DELETE", "/v1/opt-outs?phone=%2B4915112345678").status, 404U);
  for (const auto* bad :
       {R"({"phone":"12"})", R"({"phone":7})", "{}", R"({"phone":"1","x":"y"})"}) {
    const auto refused = c.call("POST", "/v1/opt-outs", bad);
    EXPECT_EQ(refused.status, 422U) << bad;
    EXPECT_FALSE(member(refused.body, "hint").empty());
  }
  EXPECT_EQ(c.call("POST", "/v1/opt-outs", "{").status, 400U);
  const auto twice = R"({"phone":"+14254147755","phone":"+14254147167"})";
  EXPECT_EQ(member(c.call("POST", "/v1/opt-outs", twice).body, "code"), "duplicate_key");
  const auto deep = std::string(10'000, '[') + std::string(10'000, ']');
  EXPECT_EQ(member(c.call("POST", "/v1/opt-outs", deep).body, "code"), "too_deep");
  EXPECT_EQ(c.call("POST", "/v1/opt-outs", "a", "text/plain").status, 415U);
  const auto audit = audit_.latest(10);
  ASSERT_TRUE(audit);
  ASSERT_EQ(audit->size(), 2U);
  EXPECT_EQ(audit->front().action, "opt_out.remove");
  EXPECT_EQ(audit->front().actor, "local");
  EXPECT_EQ(audit->front().subject, message::mask_phone("+4915112345678"));
}

TEST_F(ResourcesTest, ReplaysAndDiscardsDeadLetters) {
  start();
  const auto first = send("o1");
  const auto second = send("o2");
  put_into(first, State::dead);
  EXPECT_EQ(get("/v1/dead-letters")["dead_letters"].size(), 1U);
  auto c = client();
  const auto replayed = c.call("POST", "/v1/dead-letters/" + first + "/replay");
  EXPECT_EQ(replayed.status, 200U) << replayed.body;
  EXPECT_EQ(member(replayed.body, "state"), "accepted") << "no SMS was ever submitted";
  const auto again = c.call("POST", "/v1/dead-letters/" + first + "/replay");
  EXPECT_EQ(again.status, 409U);
  EXPECT_EQ(member(again.body, "code"), "not_dead");
  put_into(second, State::dead);
  EXPECT_EQ(member(c.call("POST", "/v1/dead-letters/" + second + "/discard").body, "state"),
            "discarded");
  EXPECT_EQ(c.call("POST", "/v1/dead-letters/nonsense/discard").status, 404U);
  EXPECT_EQ(c.call("GET", "/v1/dead-letters/" + second + "/discard").field("Allow"), "POST");
}

TEST_F(ResourcesTest, ListsBouncedOnesBehindTheDeadOnesAndReplaysThemToo) {
  start();
  std::vector<std::string> dead, bounced;
  for (int i = 0; i < 3; ++i) {
    dead.push_back(send("d" + std::to_string(i)));
    put_into(dead.back(), State::dead);
    bounced.push_back(send("b" + std::to_string(i)));
    put_into(bounced.back(), State::bounced);
  }
  std::reverse(dead.begin(), dead.end());
  std::reverse(bounced.begin(), bounced.end());
  std::vector<std::string> expected = dead;
  expected.insert(expected.end(), bounced.begin(), bounced.end());
  for (const int limit : {1, 2, 3, 4, 6, 500}) {
    std::vector<std::string> listed;
    std::string cursor;
    int pages = 0;
    do {
      ASSERT_LT(++pages, 10) << limit;
      const auto page = get("/v1/dead-letters?limit=" + std::to_string(limit) +
                            (cursor.empty() ? "" : "&cursor=" + cursor));
      EXPECT_LE(page["dead_letters"].size(), static_cast<std::size_t>(limit));
      for (const auto& n : page["dead_letters"]) listed.push_back(n["id"].get<std::string>());
      cursor = page["next_cursor"].is_null() ? "" : page["next_cursor"].get<std::string>();
    } while (!cursor.empty());
    EXPECT_EQ(listed, expected) << limit;
  }
  auto c = client();
  EXPECT_EQ(c.call("GET", "/v1/dead-letters?cursor=bounced:nonsense").status, 400U);
  EXPECT_EQ(c.call("POST", "/v1/dead-letters/" + bounced[0] + "/replay").status, 200U);
  EXPECT_EQ(member(c.call("POST", "/v1/dead-letters/" + bounced[1] + "/discard").body, "state"),
            "discarded");
}

TEST_F(ResourcesTest, TakesTheNumberOfAnOptInWithItsPlusAsItIs) {
  start();
  auto c = client();
  ASSERT_EQ(c.call("POST", "/v1/opt-outs", R"({"phone":"+14254147755"})").status, 200U);
  EXPECT_EQ(c.call("DELETE", "/v1/opt-outs?phone=+14254147755").status, 204U);
}

TEST_F(ResourcesTest, PassesAParsersRefusalAndAFailingStoreOn) {
  setup_ = [](Services& services) {
    services.receipt_sources["http"].parse = [](std::string_view body, const HeaderLookup&) {
      if (body != "good")
        return ParsedReceipts{message::FieldError{"missing_field", "/message_id", "needed"}};
      return ParsedReceipts{message::ReceiptBatch{std::vector<domain::Receipt>(1), {}}};
    };
  };
  start();
  auto c = client();
  const auto refused = c.call("POST", "/v1/receipts/http", "bad");
  EXPECT_EQ(refused.status, 422U);
  EXPECT_EQ(member(refused.body, "pointer"), "/message_id");
  {
    const concurrency::Lock lock{world_.mutex};
    world_.write_failure = domain::Error{domain::ErrorKind::storage_full, "disk"};
  }
  const auto failed = c.call("POST", "/v1/receipts/http", "good");
  EXPECT_EQ(failed.status, 503U) << "so that the carrier sends it again";
  EXPECT_FALSE(failed.field("Retry-After").empty());
}

TEST_F(ResourcesTest, ABrokenReceiptDoesNotTakeTheGoodOnesWithIt) {
  setup_ = [](Services& services) {
    services.receipt_sources["http"].parse = [](std::string_view body, const HeaderLookup&) {
      message::ReceiptBatch batch;
      if (body != "none good") batch.receipts.emplace_back();
      batch.refused.push_back({"missing_field", "/1/message_id", "needed"});
      return ParsedReceipts{batch};
    };
  };
  start();
  auto c = client();
  const auto some = c.call("POST", "/v1/receipts/http", "one good");
  ASSERT_EQ(some.status, 200U);
  const auto said = nlohmann::json::parse(some.body);
  EXPECT_EQ(said["kept"], 1);
  EXPECT_EQ(said["refused"].size(), 1U);
  EXPECT_EQ(said["refused"][0]["pointer"], "/1/message_id");
  const auto none = c.call("POST", "/v1/receipts/http", "none good");
  EXPECT_EQ(none.status, 422U);
  EXPECT_EQ(member(none.body, "pointer"), "/1/message_id");
}

TEST_F(ResourcesTest, SaysWhetherItIsReady) {
  auto problems = std::make_shared<std::vector<std::string>>();
  setup_ = [problems](Services& services) {
    services.readiness = [problems] { return Readiness{*problems}; };
  };
  start();
  EXPECT_EQ(get("/readyz")["ready"], true);
  problems->push_back("line_closed");
  EXPECT_EQ(get("/readyz", 503)["reasons"][0], "line_closed");
  EXPECT_EQ(get("/healthz")["status"], "ok");
}

TEST_F(ResourcesTest, WarnsOnItsPageAboutTheSimulator) {
  setup_ = [](Services& services) {
    services.status = [] { return StatusPage{"1", "<b>store</b>", "simulator", "outbox", true}; };
  };
  start();
  auto c = client();
  const auto page = c.call("GET", "/");
  EXPECT_EQ(page.field("Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(page.field("Content-Security-Policy").starts_with("default-src 'none'"));
  EXPECT_EQ(page.field("X-Content-Type-Options"), "nosniff");
  EXPECT_TRUE(page.has("no SMS reaches a phone"));
  EXPECT_TRUE(page.has("&lt;b&gt;store"));
  EXPECT_FALSE(page.has("<b>store"));
}

TEST_F(ResourcesTest, ShowsPathsToItsOwnMachineOnly) {
  setup_ = [](Services& services) {
    services.keys_required = [] { return true; };
    services.status = [] { return StatusPage{"1", "/srv/store", "simulator", "/srv/out", true}; };
  };
  start();
  const auto page = client().call("GET", "/");
  EXPECT_TRUE(page.has("simulator"));
  EXPECT_FALSE(page.has("/srv"));
}

}  // namespace
}  // namespace postrider::adapters::http
