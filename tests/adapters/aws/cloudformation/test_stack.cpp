#include "adapters/aws/cloudformation/stack.hpp"

#include <gmock/gmock.h>

#include "adapters/aws/peer_client.hpp"

namespace postrider::adapters::aws::cloudformation {
namespace {

using wire::http_answer;

const std::string described =
    "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>s</StackName>"
    "<Outputs><member><OutputKey>GuardTable</OutputKey><OutputValue>guard</OutputValue></member>"
    "<member><Description>d</Description><OutputKey>Url</OutputKey>"
    "<OutputValue>https://x/?a=1&amp;b=2</OutputValue></member></Outputs>"
    "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>";

TEST(StackOutputs, AreReadByName) {
  PeerClient aws{http_answer(200, described)};
  const auto outputs = stack_outputs(aws.client(), "SMSNotificationStack-dev");
  ASSERT_TRUE(outputs);
  EXPECT_EQ(outputs->at("GuardTable"), "guard");
  EXPECT_EQ(outputs->at("Url"), "https://x/?a=1&b=2");
  EXPECT_EQ(aws.body(),
            "Action=DescribeStacks&Version=2010-05-15&StackName=SMSNotificationStack-dev");
}

TEST(StackOutputs, WhatIsNotThereSaysSo) {
  PeerClient aws{http_answer(
      400, "<ErrorResponse><Error><Code>ValidationError</Code></Error></ErrorResponse>")};
  EXPECT_THAT(stack_outputs(aws.client(), "nope").error().what,
              testing::HasSubstr("there is no stack nope in us-east-1"));
  EXPECT_THAT(stack_outputs(aws.client(), "a&b").error().what,
              testing::HasSubstr("not the name of a stack"));
  EXPECT_EQ(aws.peer().requests(), 1);
  EXPECT_TRUE(parse_outputs("<html>").empty());
}

TEST(StackTemplate, IsTheTextThatWasDeployed) {
  PeerClient aws{http_answer(
      200,
      "<GetTemplateResponse><GetTemplateResult><TemplateBody>{&quot;a&quot;: &quot;&lt;b&gt; "
      "&amp;amp; &#39;c&#x27; &#10;&#xA;&#xD;&unknown; & d\xc3\xa9&quot;}</TemplateBody>"
      "<StagesAvailable/></GetTemplateResult></GetTemplateResponse>")};
  EXPECT_EQ(*stack_template(aws.client(), "SMSNotificationStack-dev"),
            "{\"a\": \"<b> &amp; 'c' \n\n\r&unknown; & d\xc3\xa9\"}");
  EXPECT_EQ(aws.body(),
            "Action=GetTemplate&Version=2010-05-15&StackName=SMSNotificationStack-dev"
            "&TemplateStage=Original");
}

}  // namespace
}  // namespace postrider::adapters::aws::cloudformation
