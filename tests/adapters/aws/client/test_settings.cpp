#include <gmock/gmock.h>

#include <map>

#include "adapters/aws/client/settings.hpp"

namespace postrider::adapters::aws::client {
namespace {

using Variables = std::map<std::string, std::string>;

domain::Result<Settings> settings_of(Variables variables) {
  return read_settings([&variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  });
}

Variables with_keys(Variables more) {
  more.insert({{"AWS_REGION", "eu-central-1"},
               {"AWS_ACCESS_KEY_ID", "AK"},
               {"AWS_SECRET_ACCESS_KEY", "secret"}});
  return more;
}

std::string host_of(const Settings& settings, const Service& service) {
  const auto url = endpoint_of(settings, service);
  return url ? url->host + ":" + url->port + url->target : url.error().what;
}

TEST(Settings, EndpointsAreThoseOfTheRegion) {
  const auto settings = settings_of(with_keys({}));
  ASSERT_TRUE(settings);
  EXPECT_EQ(host_of(*settings, dynamodb), "dynamodb.eu-central-1.amazonaws.com:443/");
  EXPECT_EQ(host_of(*settings, ses), "email.eu-central-1.amazonaws.com:443/");
  EXPECT_EQ(host_of(*settings, end_user_messaging), "sms-voice.eu-central-1.amazonaws.com:443/");
  const auto china = settings_of(with_keys({{"AWS_REGION", "cn-north-1"}}));
  EXPECT_EQ(host_of(*china, sqs), "sqs.cn-north-1.amazonaws.com.cn:443/");
}

TEST(Settings, EndpointsCanBeSetForAllAndForEach) {
  const auto settings = settings_of(with_keys({{"AWS_ENDPOINT_URL", "http://localhost:5999"},
                                               {"AWS_ENDPOINT_URL_SQS", "http://[::1]:1/base"}}));
  EXPECT_EQ(host_of(*settings, sns), "localhost:5999/");
  EXPECT_EQ(host_of(*settings, sqs), "::1:1/base");
  const auto ignored = settings_of(with_keys({{"AWS_ENDPOINT_URL", "http://localhost:5999"},
                                              {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}}));
  EXPECT_EQ(host_of(*ignored, sns), "sns.eu-central-1.amazonaws.com:443/");
  const auto bad = settings_of(with_keys({{"AWS_ENDPOINT_URL", "localhost:5999"}}));
  EXPECT_THAT(host_of(*bad, sns), testing::HasSubstr("AWS_ENDPOINT_URL"));
}

TEST(Settings, TheRegionHasADefaultNameAndMustBeThere) {
  EXPECT_EQ(settings_of({{"AWS_DEFAULT_REGION", "us-west-2"}})->region, "us-west-2");
  EXPECT_THAT(settings_of({}).error().what, testing::HasSubstr("AWS_REGION"));
  EXPECT_FALSE(settings_of({{"AWS_REGION", "evil.example.com/"}}));
}

TEST(Settings, CredentialsComeFromTheFirstSourceThatIsThere) {
  using Kind = CredentialSource::Kind;
  const Variables container{{"AWS_REGION", "x"},
                            {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1"}};
  EXPECT_EQ(settings_of(container)->credentials.kind, Kind::container);
  EXPECT_EQ(settings_of(container)->credentials.url, "http://169.254.170.2/v2/credentials/1");
  EXPECT_EQ(settings_of(with_keys(container))->credentials.kind, Kind::environment);
  EXPECT_EQ(settings_of({{"AWS_REGION", "x"}})->credentials.kind, Kind::instance);
  EXPECT_FALSE(settings_of({{"AWS_REGION", "x"}, {"AWS_EC2_METADATA_DISABLED", "true"}}));
  EXPECT_FALSE(settings_of({{"AWS_REGION", "x"}, {"AWS_ACCESS_KEY_ID", "AK"}}));
}

TEST(Settings, CredentialsAreNotAskedForInPlainHttpOverANetwork) {
  const auto from = [](const std::string& url) {
    return settings_of({{"AWS_REGION", "x"}, {"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}})
        .has_value();
  };
  EXPECT_TRUE(from("http://169.254.170.23/v1/credentials"));
  EXPECT_TRUE(from("http://localhost:8080/c"));
  EXPECT_TRUE(from("https://agent.example.com/c"));
  EXPECT_FALSE(from("http://agent.example.com/c"));
  EXPECT_FALSE(from("file:///etc/passwd"));
}

}  // namespace
}  // namespace postrider::adapters::aws::client
