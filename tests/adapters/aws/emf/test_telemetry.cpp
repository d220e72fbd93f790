#include "adapters/aws/emf/telemetry.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "doubles/manual_clock.hpp"

namespace postrider::adapters::aws::emf {
namespace {

using Json = nlohmann::json;
using ports::Counter;

class Emf : public testing::Test {
 protected:
  Json last() { return Json::parse(lines_.back()); }
  /// Names of the metrics that the last line declares with these dimensions; each must be on its
  /// root.
  std::vector<std::string> declared(const Json& dimensions) {
    std::vector<std::string> names;
    const auto line = last();
    for (const auto& directive : line.at("_aws").at("CloudWatchMetrics")) {
      EXPECT_EQ(directive.at("Namespace"), "SMSNotifications/SMSNotificationStack-dev");
      if (directive.at("Dimensions") != Json::array({dimensions})) continue;
      for (const auto& metric : directive.at("Metrics")) {
        names.push_back(metric.at("Name"));
        EXPECT_TRUE(line.contains(names.back())) << names.back();
      }
    }
    return names;
  }
  std::vector<std::string> of_stack() { return declared(Json::array()); }
  std::vector<std::string> of_function() { return declared(Json::array({"Function"})); }
  std::vector<std::string> lines_;
  doubles::ManualClock clock_;
  EmfTelemetry telemetry_{clock_, "SMSNotificationStack-dev", "sms-sender",
                          [this](const std::string& line) { lines_.push_back(line); }};
};

TEST_F(Emf, OneLineAnInvocationHoldsWhatWasCounted) {
  telemetry_.count(Counter::sms_submitted, 3);
  telemetry_.count(Counter::sms_submitted, 4);
  telemetry_.count(Counter::sms_unknown, 1);
  EXPECT_TRUE(lines_.empty());
  telemetry_.flush(domain::Milliseconds{41});
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_THAT(of_stack(), testing::UnorderedElementsAre("sms_submitted", "sms_unknown"));
  EXPECT_THAT(of_function(), testing::ElementsAre("HandlingTime"));
  EXPECT_EQ(last().at("sms_submitted"), 7);
  EXPECT_EQ(last().at("HandlingTime"), 41);
  EXPECT_EQ(last().at("Function"), "sms-sender");
  EXPECT_EQ(last().at("_aws").at("Timestamp"), domain::to_unix_ms(clock_.now()));
  telemetry_.flush(domain::Milliseconds{1});
  EXPECT_THAT(of_stack(), testing::IsEmpty()) << "counted once";
  EXPECT_THAT(of_function(), testing::ElementsAre("HandlingTime"));
}

TEST_F(Emf, AZeroIsWrittenWhereItIsAskedFor) {
  telemetry_.write_zeros_of(
      {Counter::receipts_delivered, Counter::receipts_failed, Counter::receipts_late});
  telemetry_.count(Counter::receipts_late, 2);
  telemetry_.flush(domain::Milliseconds{1});
  EXPECT_THAT(of_stack(), testing::UnorderedElementsAre("receipts_delivered", "receipts_failed",
                                                        "receipts_late"));
  EXPECT_EQ(last().at("receipts_delivered"), 0);
  EXPECT_EQ(last().at("receipts_late"), 2);
}

TEST_F(Emf, AColdStartIsInTheFirstLineOnly) {
  telemetry_.started("0.1.0", domain::Milliseconds{23});
  EXPECT_EQ(last().at("event"), "started");
  EXPECT_EQ(last().at("milliseconds"), 23);
  telemetry_.flush(domain::Milliseconds{1});
  EXPECT_THAT(of_function(),
              testing::UnorderedElementsAre("ColdStarts", "InitTime", "HandlingTime"));
  EXPECT_EQ(last().at("ColdStarts"), 1);
  EXPECT_EQ(last().at("InitTime"), 23);
  telemetry_.flush(domain::Milliseconds{1});
  EXPECT_THAT(of_function(), testing::ElementsAre("HandlingTime"));
}

TEST_F(Emf, RatesAreAveragesOfWhatCameBack) {
  telemetry_.count(Counter::receipts_delivered, 3);
  telemetry_.count(Counter::receipts_failed, 1);
  telemetry_.flush(domain::Milliseconds{1});
  EXPECT_EQ(last().at("SMSSuccessRate"), Json::parse("[100,100,100,0]"));
  EXPECT_EQ(last().at("SMSFailureRate"), Json::parse("[100,0,0,0]"));
  telemetry_.count(Counter::receipts_delivered, 9'999);
  telemetry_.count(Counter::receipts_failed, 1);
  telemetry_.flush(domain::Milliseconds{1});
  EXPECT_EQ(last().at("SMSSuccessRate").size(), 100U) << "an array holds no more";
}

TEST_F(Emf, EachLatencyIsAValueAndNoneIsBelowZero) {
  telemetry_.took(ports::Timing::sms_latency, domain::Milliseconds{41});
  telemetry_.took(ports::Timing::sms_latency, domain::Milliseconds{-3});
  telemetry_.flush(domain::Milliseconds{1});
  EXPECT_THAT(of_stack(), testing::ElementsAre("sms_latency"));
  EXPECT_EQ(last().at("sms_latency"), Json::parse("[41,0]"));
  telemetry_.flush(domain::Milliseconds{1});
  EXPECT_THAT(of_stack(), testing::IsEmpty()) << "written once";
}

TEST_F(Emf, MoreLatenciesThanAnArrayHoldsTakeMoreLines) {
  for (int i = 0; i < 250; ++i)
    telemetry_.took(ports::Timing::delivery_latency, domain::Milliseconds{i});
  telemetry_.flush(domain::Milliseconds{1});
  std::vector<int> all;
  for (const auto& line : lines_) {
    const auto values = Json::parse(line).at("delivery_latency");
    all.insert(all.end(), values.begin(), values.end());
  }
  ASSERT_EQ(lines_.size(), 3U);
  ASSERT_EQ(all.size(), 250U);
  for (int i = 0; i < 250; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)], i);
}

TEST_F(Emf, LogLinesAreCodesAndIdsAndNothingPersonal) {
  telemetry_.log(ports::Level::warning, "bad_record",
                 {{ports::Field::code, "wrote to +49 151 12345678 or a@example.com"},
                  {ports::Field::count, std::int64_t{2}}});
  telemetry_.log(ports::Level::debug, "noise", {});
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(last().at("event"), "bad_record");
  EXPECT_EQ(last().at("level"), "warning");
  EXPECT_EQ(last().at("count"), 2);
  EXPECT_THAT(lines_.back(), testing::Not(testing::HasSubstr("12345678")));
  EXPECT_THAT(lines_.back(), testing::Not(testing::HasSubstr("example.com")));
}

}  // namespace
}  // namespace postrider::adapters::aws::emf
