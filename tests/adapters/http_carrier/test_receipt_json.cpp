#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/http_carrier/receipt_json.hpp"

namespace postrider::adapters::http_carrier {
namespace {

using domain::Proof;
using domain::Receipt;
using domain::ReceiptOutcome;

const auto now = domain::from_unix_ms(1'700'000'000'000);

std::vector<Receipt> receipts(std::string_view body) {
  auto parsed = parse_receipts(body, "http", now);
  if (const auto* error = std::get_if<message::FieldError>(&parsed)) {
    ADD_FAILURE() << body << ": " << error->code << " at " << error->pointer;
    return {};
  }
  auto batch = std::get<0>(std::move(parsed));
  for (const auto& error : batch.refused)
    ADD_FAILURE() << body << ": " << error.code << " at " << error.pointer;
  return batch.receipts;
}
message::FieldError refused(std::string_view body) {
  auto parsed = parse_receipts(body, "http", now);
  EXPECT_EQ(parsed.index(), 1U) << body;
  return parsed.index() == 1 ? std::get<1>(parsed) : message::FieldError{};
}
Receipt with_status(const std::string& status) {
  return receipts(R"({"message_id":"m","status":")" + status + "\"}").at(0);
}

TEST(ReceiptJson, ReadsAllFields) {
  const auto receipt = receipts(R"({"message_id":"m-1","status":"Delivered","detail":"OK 000",
      "at":"2026-11-24T10:00:00Z","price":"0.00645","segments":2,"proof":"carrier","x":[1]})");
  ASSERT_EQ(receipt.size(), 1U);
  EXPECT_EQ(receipt[0], (Receipt{"http", "m-1", ReceiptOutcome::delivered, Proof::carrier, "ok_000",
                                 domain::from_unix_ms(1'795'514'400'000), domain::Money{6450}, 2}));
}

TEST(ReceiptJson, TakesWhatIsMissingFromNow) {
  const auto receipt = with_status("delivered");
  EXPECT_EQ(receipt.at, now);
  EXPECT_EQ(receipt.proof, Proof::handset);
  EXPECT_FALSE(receipt.price);
  EXPECT_FALSE(receipt.segments);
}

TEST(ReceiptJson, ClassesEachStatus) {
  const std::vector<std::pair<const char*, ReceiptOutcome>> rows{
      {"delivered", ReceiptOutcome::delivered},
      {"accepted", ReceiptOutcome::accepted},
      {"sent", ReceiptOutcome::accepted},
      {"failed", ReceiptOutcome::failed_permanent},
      {"undelivered", ReceiptOutcome::failed_temporary},
      {"rejected", ReceiptOutcome::failed_permanent},
      {"expired", ReceiptOutcome::failed_temporary},
      {"unreachable", ReceiptOutcome::failed_temporary},
      {"OPTED-OUT", ReceiptOutcome::opted_out},
      {"blocked", ReceiptOutcome::failed_permanent},
      {"account", ReceiptOutcome::account},
      {"no_credit", ReceiptOutcome::account},
      // SMPP 3.4, appendix B, and what is not final elsewhere.
      {"DELIVRD", ReceiptOutcome::delivered},
      {"EXPIRED", ReceiptOutcome::failed_temporary},
      {"DELETED", ReceiptOutcome::failed_permanent},
      {"UNDELIV", ReceiptOutcome::failed_temporary},
      {"ACCEPTD", ReceiptOutcome::accepted},
      {"UNKNOWN", ReceiptOutcome::accepted},
      {"REJECTD", ReceiptOutcome::failed_permanent},
      {"ENROUTE", ReceiptOutcome::accepted},
      {"Dispatched", ReceiptOutcome::accepted},
  };
  for (const auto& [status, outcome] : rows) {
    EXPECT_EQ(with_status(status).outcome, outcome) << status;
    EXPECT_FALSE(domain::has_unknown_word(with_status(status))) << status;
  }
  EXPECT_EQ(with_status("sent").proof, Proof::none);
}

TEST(ReceiptJson, AnUnknownStatusIsNotFinal) {
  const auto receipt = with_status("teleported");
  EXPECT_EQ(receipt.outcome, ReceiptOutcome::accepted);
  EXPECT_EQ(receipt.proof, Proof::none);
  EXPECT_TRUE(domain::has_unknown_word(receipt));
  const auto claims =
      receipts(R"({"message_id":"m","status":"sent","detail":"unknown_status"})").at(0);
  EXPECT_FALSE(domain::has_unknown_word(claims)) << "a carrier's detail is none of ours";
}

TEST(ReceiptJson, AnOptionalFactThatCantBeReadIsLeftOut) {
  for (const auto* fact : {R"("segments":0)",
                           R"("segments":"many")",
                           R"("segments":[2])",
                           R"("segments":2.5)",
                           R"("segments":null)",
                           R"("price":"")",
                           R"("price":null)",
                           R"("price":"0,0075")",
                           R"("price":"much")",
                           R"("price":1e300)",
                           R"("price":{"amount":1})",
                           R"("at":"yesterday")",
                           R"("at":99999999999999999)",
                           R"("at":-1)",
                           R"("at":null)",
                           R"("at":{})",
                           R"("at":"Wed, 31 Jul 2024 12:00:00 +0000")",
                           R"("proof":"yes")",
                           R"("proof":7)",
                           R"("detail":[1])",
                           R"("detail":{"a":1})",
                           R"("detail":true)"}) {
    const auto body = std::string{R"({"message_id":"m","status":"delivered",)"} + fact + "}";
    const auto all = receipts(body);
    ASSERT_EQ(all.size(), 1U) << body;
    EXPECT_EQ(all[0],
              (Receipt{"http", "m", ReceiptOutcome::delivered, Proof::handset, "", now, {}, {}}))
        << body;
  }
}

TEST(ReceiptJson, AnOptionalFactInAnotherFormIsRead) {
  const auto one = receipts(R"({"message_id":1216080510463401720,"status":"delivered",
      "segments":"2","price":-0.0075,"at":"2026-11-24T11:00:00+0100"})");
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0],
            (Receipt{"http", "1216080510463401720", ReceiptOutcome::delivered, Proof::handset, "",
                     domain::from_unix_ms(1'795'514'400'000), domain::Money{7'500}, 2}));
}

TEST(ReceiptJson, ReadsAnArrayAndLines) {
  const std::string one = R"({"message_id":"a","status":"sent"})";
  const std::string two = R"({"message_id":"b","status":"delivered","at":1700000000})";
  for (const auto& body :
       {"[" + one + "," + two + "]", one + "\n" + two, one + "\r\n\r\n" + two + "\r\n"}) {
    const auto both = receipts(body);
    ASSERT_EQ(both.size(), 2U) << body;
    EXPECT_EQ(both[0].message_id, "a");
    EXPECT_EQ(both[1].at, now);
  }
  EXPECT_TRUE(receipts("[]").empty());
  EXPECT_EQ(receipts(R"({"message_id":"a","status":"sent","at":1700000000123})")[0].at,
            domain::from_unix_ms(1'700'000'000'123));
}

TEST(ReceiptJson, SaysWhatIsWrongAndWhere) {
  const auto expect = [](std::string_view body, const char* code, const char* pointer) {
    const auto error = refused(body);
    EXPECT_EQ(error.code, code) << body;
    EXPECT_EQ(error.pointer, pointer) << body;
    EXPECT_FALSE(error.hint.empty()) << body;
  };
  expect("nonsense", "invalid_json", "");
  expect("nonsense\nmore", "invalid_json", "");
  expect("7", "wrong_type", "");
  expect(R"({"status":"sent"})", "missing_field", "/message_id");
  expect(R"({"message_id":"","status":"sent"})", "missing_field", "/message_id");
  expect(R"({"message_id":4.5,"status":"sent"})", "wrong_type", "/message_id");
  expect(R"({"message_id":99999999999999999999,"status":"sent"})", "wrong_type", "/message_id");
  expect(R"({"message_id":"m"})", "missing_field", "/status");
  expect(R"({"message_id":"m","status":""})", "missing_field", "/status");
  expect(R"({"message_id":"m","status":4})", "wrong_type", "/status");
  expect(std::string(1000, '[') + std::string(1000, ']'), "too_deep", "");
  expect(R"({"a":)" + std::string(1000, '[') + std::string(1000, ']') + "}", "too_deep", "");
}

TEST(ReceiptJson, OneThatIsBrokenLeavesTheOthers) {
  const std::string good = R"({"message_id":"m","status":"sent"})";
  struct Row {
    std::string body;
    const char* code;
    const char* pointer;
  };
  for (const auto& [body, code, pointer] :
       {Row{"[" + good + ",7," + good + "]", "wrong_type", "/1"},
        Row{"[" + good + R"(,{"message_id":[4],"status":"sent"},)" + good + "]", "wrong_type",
            "/1/message_id"},
        Row{good + "\n\nnonsense\n" + good, "invalid_json", "/1"},
        Row{good + "\n{}\n" + good + "\n", "missing_field", "/1/message_id"}}) {
    const auto parsed = parse_receipts(body, "http", now);
    ASSERT_EQ(parsed.index(), 0U) << body;
    const auto& batch = std::get<0>(parsed);
    EXPECT_EQ(batch.receipts.size(), 2U) << body;
    ASSERT_EQ(batch.refused.size(), 1U) << body;
    EXPECT_EQ(batch.refused[0].code, code) << body;
    EXPECT_EQ(batch.refused[0].pointer, pointer) << body;
  }
}

TEST(ReceiptJson, OneThatIsNoJsonLeavesTheOthersOfItsArray) {
  const std::string good = R"({"message_id":"m","status":"sent"})";
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  for (const std::string& broken :
       {std::string{"nonsense"}, std::string{R"({"message_id":"cut \ud83d","status":"sent"})"},
        std::string{"{\"message_id\":\"M\xfcnchen\",\"status\":\"sent\"}"}, deep,
        std::string{"{\"message_id\":1e400,\"status\":\"sent\"}"}}) {
    const auto parsed = parse_receipts("[" + good + "," + broken + "," + good + "]", "http", now);
    ASSERT_EQ(parsed.index(), 0U) << broken;
    EXPECT_EQ(std::get<0>(parsed).receipts.size(), 2U) << broken;
    ASSERT_EQ(std::get<0>(parsed).refused.size(), 1U) << broken;
    EXPECT_THAT(std::get<0>(parsed).refused[0].pointer, testing::StartsWith("/1"));
  }
}

TEST(ReceiptJson, AMemberThatIsNoJsonIsLeftOut) {
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  for (const std::string& member :
       {std::string{R"("detail":"cut \ud83d")"}, std::string{"\"detail\":\"M\xfcnchen\""},
        std::string{R"("price":1e400)"}, std::string{R"("at":tomorrow)"}, "\"raw\":" + deep}) {
    const auto body = R"({"message_id":"m",)" + member + R"(,"status":"delivered","segments":2})";
    for (const auto& form : {body, "[" + body + "]", body + "\n" + body, "\n " + body + "\n"}) {
      const auto read = receipts(form);
      ASSERT_FALSE(read.empty()) << form;
      EXPECT_EQ(read[0].outcome, ReceiptOutcome::delivered) << form;
      EXPECT_EQ(read[0].segments, 2) << form;
      EXPECT_FALSE(read[0].price) << form;
    }
  }
}

TEST(ReceiptJson, RefusesMoreReceiptsThanOneBodyMayHold) {
  std::string body = "[";
  for (std::size_t i = 0; i <= max_receipts; ++i) body += R"({"message_id":"m","status":"sent"},)";
  body.back() = ']';
  EXPECT_EQ(refused(body).code, "too_many");
  std::string lines;
  for (std::size_t i = 0; i <= max_receipts; ++i) lines += "{}\n";
  EXPECT_EQ(refused(lines).code, "too_many");
}

TEST(ReceiptJson, ADetailBecomesACodeWithoutPersonalValues) {
  EXPECT_EQ(detail_code("Absent Subscriber"), "absent_subscriber");
  EXPECT_EQ(detail_code("err:000 (none)"), "err_000_none");
  EXPECT_EQ(detail_code("30008"), "30008");
  EXPECT_EQ(detail_code(""), "");
  EXPECT_EQ(detail_code("!!!"), "free_text");
  EXPECT_EQ(detail_code("+491511234567 is off"), "free_text");
  EXPECT_EQ(detail_code("off: 0151 123 45 67"), "free_text");
  EXPECT_EQ(detail_code("ann@example.com"), "free_text");
  EXPECT_EQ(detail_code(std::string(41, 'x')), "free_text");
}

}  // namespace
}  // namespace postrider::adapters::http_carrier
