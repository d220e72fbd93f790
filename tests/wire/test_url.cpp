#include <gtest/gtest.h>

#include "wire/url.hpp"

namespace postrider::wire {
namespace {

TEST(Url, TakesWhatACarrierCanHave) {
  const auto url = parse_url("https://sms.example.com:8443/v1/send?x=1#part");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "sms.example.com");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->authority, "sms.example.com:8443");
  EXPECT_EQ(url->target, "/v1/send?x=1");
  EXPECT_EQ(parse_url("http://h")->port, "80");
  EXPECT_EQ(parse_url("http://h")->target, "/");
  EXPECT_EQ(parse_url("https://h?q")->target, "/?q");
  EXPECT_EQ(parse_url("http://[::1]:81/")->host, "::1");
  EXPECT_EQ(parse_url("http://[::1]/")->port, "80");
}

TEST(Url, RefusesWhatCouldMeanSomethingElse) {
  for (const auto* text :
       {"", "http://", "http:///x", "ftp://h/", "http://u@h/", "http://h:0/", "http://h:x/",
        "http://h:65536/", "http://h/a b", "http://h/\r\nX: y", "h/x"})
    EXPECT_FALSE(parse_url(text)) << text;
}

}  // namespace
}  // namespace postrider::wire
