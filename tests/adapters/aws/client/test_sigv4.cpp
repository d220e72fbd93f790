// The signatures of botocore's signer, which AWS's own tools use. golden_signatures.py made them.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "adapters/aws/client/sigv4.hpp"

namespace postrider::adapters::aws::client {
namespace {

const domain::TimePoint now = domain::from_unix_ms(1'795'554'309'000);  // 2026-11-24T21:05:09Z

std::string signed_by_us(const nlohmann::json& row) {
  std::string body = row.at("body");
  if (row.contains("body_repeats"))
    body.assign(row.at("body_repeats").get<std::size_t>(), body.front());
  Headers headers{{"content-type", row.at("content_type")}, {"host", row.at("host")}};
  if (row.at("target") != "") headers.emplace_back("x-amz-target", row.at("target"));
  const std::string path = row.at("path");
  const auto added = sign(
      {"POST", path, headers, body},
      {row.at("region").get_ref<const std::string&>(),
       row.at("service").get_ref<const std::string&>()},
      {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", row.at("session_token")}, now);
  EXPECT_EQ(added.front().second, "20261124T210509Z");
  return added.back().second;
}

TEST(SigV4, SignsAsBotocoreDoes) {
  std::ifstream file{POSTRIDER_SOURCE_DIR "/tests/adapters/aws/client/golden_signatures.json"};
  const auto golden = nlohmann::json::parse(file);
  ASSERT_GE(golden.at("rows").size(), 11U);
  for (const auto& row : golden.at("rows"))
    EXPECT_EQ(signed_by_us(row), row.at("authorization")) << row.at("name");
}

}  // namespace
}  // namespace postrider::adapters::aws::client
