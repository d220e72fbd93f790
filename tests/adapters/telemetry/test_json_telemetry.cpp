#include "adapters/telemetry/json_telemetry.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

namespace postrider::adapters::telemetry {
namespace {

using ports::Counter;
using ports::Field;
using ports::Level;
using testing::HasSubstr;
using testing::Not;

struct StoppedClock final : ports::Clock {
  domain::TimePoint now() const override { return domain::from_unix_ms(1'795'564'800'007); }
};

class JsonTelemetryTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    file_ = std::filesystem::temp_directory_path() /
            ("postrider_" + std::to_string(getpid()) + test->name() + ".log");
  }
  void TearDown() override { std::filesystem::remove(file_); }

  std::unique_ptr<JsonTelemetry> make(Level least = Level::info) {
    return std::make_unique<JsonTelemetry>(LogSettings{file_.string(), least}, clock_);
  }

  std::vector<nlohmann::json> lines() const {
    std::ifstream in{file_};
    std::vector<nlohmann::json> all;
    for (std::string line; std::getline(in, line);) all.push_back(nlohmann::json::parse(line));
    return all;
  }

  StoppedClock clock_;
  std::filesystem::path file_;
};

TEST_F(JsonTelemetryTest, WritesOneObjectALineWithTimeLevelEventAndFields) {
  const domain::NotificationId id{{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0x4c, 0xde, 0x8f, 0x01, 0x23,
                                   0x45, 0x67, 0x89, 0xab, 0xcd}};
  make()->log(Level::warning, "dead_letter",
              {{Field::notification_id, id}, {Field::cause, "no_email"}, {Field::count, 3}});
  const auto written = lines();
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0], (nlohmann::json{{"ts", "2026-11-25T00:00:00.007Z"},
                                        {"level", "warning"},
                                        {"event", "dead_letter"},
                                        {"notification_id", domain::to_string(id)},
                                        {"cause", "no_email"},
                                        {"count", 3}}));
}

TEST_F(JsonTelemetryTest, EscapesWhatWouldBreakALineOrTheEncoding) {
  make()->log(Level::error, "x", {{Field::path, "a\nb\"c\\d"}, {Field::code, "bad \xff utf-8"}});
  const auto written = lines();
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0]["path"], "a\nb\"c\\d");
  EXPECT_EQ(written[0]["code"], "bad \xef\xbf\xbd utf-8");
}

TEST_F(JsonTelemetryTest, NeverWritesANumberOrAnAddressEvenIfHandedOne) {
  make()->log(Level::error, "refused +4915112345678",
              {{Field::code, "550 no such user ann@example.org"}, {Field::reason, "49151123456"}});
  const auto text = lines().at(0).dump();
  EXPECT_THAT(text, Not(HasSubstr("151123456")));
  EXPECT_THAT(text, Not(HasSubstr("example.org")));
  EXPECT_THAT(text, HasSubstr("550 no such user [address]"));
}

TEST_F(JsonTelemetryTest, LeavesOutWhatIsBelowTheLevel) {
  auto telemetry = make(Level::warning);
  telemetry->log(Level::debug, "a", {});
  telemetry->log(Level::info, "b", {});
  telemetry->log(Level::warning, "c", {});
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_EQ(lines()[0]["event"], "c");
}

TEST_F(JsonTelemetryTest, AWarningIsInTheFileBeforeTheProgramEnds) {
  auto telemetry = make();
  telemetry->log(Level::info, "kept_back", {});
  telemetry->log(Level::warning, "flushed", {});
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(JsonTelemetryTest, AFileThatCannotBeOpenedIsAStartUpError) {
  std::ofstream{file_} << "";
  EXPECT_ANY_THROW(JsonTelemetry({file_.string() + "/log", Level::info}, clock_));
}

TEST_F(JsonTelemetryTest, ShowsEveryCounterFromTheStart) {
  const auto text = make()->metrics();
  for (std::size_t i = 0; i < ports::counter_count; ++i) {
    const auto name = "postrider_" + std::string{ports::name(static_cast<Counter>(i))} + "_total";
    EXPECT_THAT(text, HasSubstr("\n" + name + " 0\n"));
    EXPECT_THAT(text, HasSubstr("# TYPE " + name + " counter\n"));
  }
}

TEST_F(JsonTelemetryTest, ShowsLatenciesAsHistogramsInSeconds) {
  auto telemetry = make();
  telemetry->took(ports::Timing::sms_latency, domain::Milliseconds{200});
  telemetry->took(ports::Timing::sms_latency, domain::Milliseconds{7'000});
  telemetry->took(ports::Timing::delivery_latency, domain::Milliseconds{-5});
  const auto text = telemetry->metrics();
  EXPECT_THAT(text, HasSubstr("# TYPE postrider_sms_latency_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("\npostrider_sms_latency_seconds_count 2\n"));
  EXPECT_THAT(text, HasSubstr("\npostrider_sms_latency_seconds_sum 7.2"));
  EXPECT_THAT(text, HasSubstr("postrider_sms_latency_seconds_bucket{le=\"0.25\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("postrider_sms_latency_seconds_bucket{le=\"10\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("\npostrider_delivery_latency_seconds_sum 0\n"));
}

TEST_F(JsonTelemetryTest, CountsFromManyThreadsAndNeverBackwards) {
  auto telemetry = make();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) telemetry->count(Counter::sms_segments, 2);
    });
  for (auto& thread : threads) thread.join();
  telemetry->count(Counter::sms_segments, -5);
  EXPECT_THAT(telemetry->metrics(), HasSubstr("\npostrider_sms_segments_total 8000\n"));
}

TEST_F(JsonTelemetryTest, CountsMoneyToTheLastMicroUnit) {
  auto telemetry = make();
  for (int i = 0; i < 3; ++i) telemetry->count(Counter::spend_micros, 333'333'333'333);
  EXPECT_THAT(telemetry->metrics(), HasSubstr("\npostrider_spend_micros_total 999999999999\n"));
}

TEST_F(JsonTelemetryTest, AsksForGaugesAtEachScrapeAndGroupsThemByName) {
  auto telemetry = make();
  double dead = 1;
  telemetry->add_gauges([&] {
    return std::vector<Gauge>{
        {"notifications", "Notifications by state.", "state", "dead", dead},
        {"queue_depth", "Notifications that are due.", "", "", 7},
        {"notifications", "Notifications by state.", "state", "delivered", 12}};
  });
  EXPECT_THAT(telemetry->metrics(), HasSubstr("postrider_notifications{state=\"dead\"} 1\n"));
  dead = 2;
  const auto text = telemetry->metrics();
  EXPECT_THAT(text, HasSubstr("# TYPE postrider_notifications gauge\n"
                              "postrider_notifications{state=\"dead\"} 2\n"
                              "postrider_notifications{state=\"delivered\"} 12\n"));
  EXPECT_THAT(text, HasSubstr("\npostrider_queue_depth 7\n"));
}

}  // namespace
}  // namespace postrider::adapters::telemetry
