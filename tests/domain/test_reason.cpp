#include "domain/reason.hpp"

#include <gtest/gtest.h>

#include <set>

namespace postrider::domain {
namespace {

TEST(Reasons, EachHasACodeOfItsOwnASentenceAndAClass) {
  std::set<std::string_view> codes;
  for (std::size_t i = 1; i < reason_count; ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_TRUE(codes.insert(code(reason)).second) << code(reason);
    EXPECT_EQ(parse_reason(code(reason)), reason);
    EXPECT_TRUE(sentence(reason).ends_with('.')) << code(reason);
    EXPECT_NE(class_of(reason), ReasonClass::none) << code(reason);
  }
}

TEST(Reasons, AMailServersCodeBehindTheReasonIsNoPartOfIt) {
  EXPECT_EQ(parse_reason("mail:550_5.1.1"), Reason::mail_failed);
  EXPECT_EQ(parse_reason(""), Reason::none);
  EXPECT_EQ(parse_reason("of_another_version"), std::nullopt);
  EXPECT_EQ(parse_reason("too_late_"), std::nullopt);
}

TEST(Reasons, ProblemsOfPhonesKeepTheCodesOfCustomersRecords) {
  EXPECT_EQ(phone_reason("too_short"), Reason::phone_too_short);
  EXPECT_EQ(phone_problem(Reason::phone_too_short), "too_short");
  EXPECT_EQ(phone_reason("fixed_line"), Reason::phone_fixed_line);
  EXPECT_EQ(phone_reason(""), Reason::none);
  EXPECT_EQ(phone_problem(Reason::none), "");
  EXPECT_EQ(phone_reason("of_another_version"), Reason::phone_invalid);
  EXPECT_EQ(phone_problem(Reason::opted_out), "") << "that is no problem of the number";
}

}  // namespace
}  // namespace postrider::domain
