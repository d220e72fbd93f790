#include "adapters/aws/sns/opted_out_numbers.hpp"

#include <gmock/gmock.h>

namespace postrider::adapters::aws::sns {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string answer_of(const std::string& numbers, const std::string& next) {
  return R"(<ListPhoneNumbersOptedOutResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">)"
         "<ListPhoneNumbersOptedOutResult><phoneNumbers>" +
         numbers + "</phoneNumbers>" + next +
         "</ListPhoneNumbersOptedOutResult></ListPhoneNumbersOptedOutResponse>";
}

TEST(OptedOutNumbers, AreReadWithTheTokenOfTheNextPage) {
  const auto page =
      parse_opted_out(answer_of("<member>+14255550100</member><member>+447428545375</member>",
                                "<nextToken>a/b+c=</nextToken>"));
  EXPECT_THAT(page.numbers, ElementsAre("+14255550100", "+447428545375"));
  EXPECT_EQ(page.next, "a/b+c=");
}

TEST(OptedOutNumbers, WhatIsNoNumberIsLeftOut) {
  EXPECT_THAT(parse_opted_out(answer_of("<member>x</member><member/>", "")).numbers, IsEmpty());
  EXPECT_THAT(
      parse_opted_out(answer_of("<member>+</member><member>+12345678901234567</member>", ""))
          .numbers,
      IsEmpty());
  EXPECT_THAT(parse_opted_out("<member>+1425").numbers, IsEmpty());
  EXPECT_THAT(parse_opted_out("").numbers, IsEmpty());
}

}  // namespace
}  // namespace postrider::adapters::aws::sns
