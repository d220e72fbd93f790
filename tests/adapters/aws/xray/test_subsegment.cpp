#include "adapters/aws/xray/subsegment.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace postrider::adapters::aws::xray {
namespace {

using Json = nlohmann::json;

const std::string header = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419";
const Trace trace{"1-5bef4de7-ad49b0e87f6ef6c87fc2e700", "9a9197af755a6419"};

client::CallReport report_of(int status) {
  return {client::sns,
          "Publish",
          domain::from_unix_ms(1478293361271),
          domain::from_unix_ms(1478293361449),
          1,
          status,
          false};
}

Json document_of(const client::CallReport& report) {
  return Json::parse(subsegment(trace, "70de5b6f19ff9a0a", "us-east-1", report));
}

TEST(ParseTrace, TakesOneThatIsWanted) {
  const auto parsed = parse_trace(header + ";Sampled=1");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->root, trace.root);
  EXPECT_EQ(parsed->parent, trace.parent);
  EXPECT_TRUE(parse_trace("Sampled=1;Lineage=a:1;" + header)) << "in any order, with more";
}

TEST(ParseTrace, NothingWhereItIsNotWantedOrNoTrace) {
  for (const std::string bad : {"", ";", "x", "Sampled=1"}) EXPECT_FALSE(parse_trace(bad)) << bad;
  EXPECT_FALSE(parse_trace(header));
  EXPECT_FALSE(parse_trace(header + ";Sampled=0"));
  EXPECT_FALSE(parse_trace("Root=1-5bef4de7;Parent=9a9197af755a6419;Sampled=1"));
  EXPECT_FALSE(parse_trace("Root=" + trace.root + ";Parent=9a9197af755a641\";Sampled=1"));
}

TEST(Subsegment, SaysWhichCallAndHowLong) {
  EXPECT_EQ(document_of(report_of(200)), Json::parse(R"({
    "type": "subsegment", "id": "70de5b6f19ff9a0a",
    "trace_id": "1-5bef4de7-ad49b0e87f6ef6c87fc2e700", "parent_id": "9a9197af755a6419",
    "name": "SNS", "namespace": "aws", "start_time": 1478293361.271, "end_time": 1478293361.449,
    "aws": {"operation": "Publish", "region": "us-east-1"},
    "http": {"response": {"status": 200}}})"));
}

TEST(Subsegment, DistinguishesFaultErrorAndThrottle) {
  const auto flags = [](const client::CallReport& report) {
    std::string all;
    for (const char* flag : {"fault", "error", "throttle"})
      if (document_of(report).value(flag, false)) all += std::string{flag} + " ";
    return all;
  };
  EXPECT_EQ(flags(report_of(200)), "");
  EXPECT_EQ(flags(report_of(400)), "error ");
  EXPECT_EQ(flags(report_of(503)), "fault ");
  EXPECT_EQ(flags(report_of(0)), "fault ") << "no answer";
  auto throttled = report_of(400);
  throttled.throttled = true;
  throttled.tries = 4;
  EXPECT_EQ(flags(throttled), "error throttle ");
  EXPECT_EQ(document_of(throttled).at("aws").at("retries"), 3);
  EXPECT_FALSE(document_of(report_of(0)).contains("http"));
}

}  // namespace
}  // namespace postrider::adapters::aws::xray
