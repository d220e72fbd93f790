#include "message/phone/phone.hpp"

#include <gtest/gtest.h>
#include <phonenumbers/phonenumberutil.h>

#include <set>
#include <thread>
#include <vector>

namespace postrider::message {
namespace {

std::string problem_of(const PhoneNumber& number) {
  return std::string{domain::phone_problem(number.problem)};
}

struct Case {
  const char* text;
  const char* region;
  const char* e164;
};

TEST(Phone, NumbersAsPeopleTypeThemBecomeE164) {
  for (const auto& c :
       {Case{"0151 12345678", "DE", "+4915112345678"},
        Case{"+49 (0)151 / 1234-5678", "", "+4915112345678"},
        Case{"0049 151 12345678", "DE", "+4915112345678"},
        Case{"0049 151 12345678", "US", "+4915112345678"},
        Case{"00 49 151 12345678", "", "+4915112345678"},
        Case{"(425) 414-7755", "us", "+14254147755"}, Case{"425.414.7755", "USA", "+14254147755"},
        Case{"07400 123456", "UK", "+447400123456"}, Case{"tel:+447400123456", "", "+447400123456"},
        Case{"06 12 34 56 78", "FR", "+33612345678"},
        Case{"011 44 7400 123456", "US", "+447400123456"},
        Case{"  +55 11 96123-4567\n", "", "+5511961234567"},
        Case{"＋４９１５１１２３４５６７８", "", "+4915112345678"},
        Case{"٠٥٠١٢٣٤٥٦٧", "AE", "+971501234567"},
        Case{"030-0074321", "Germany", "+49300074321"}}) {
    const auto number = normalise_phone(c.text, c.region);
    EXPECT_TRUE(number.valid()) << c.text << ' ' << problem_of(number);
    EXPECT_EQ(number.e164, c.e164) << c.text;
    EXPECT_EQ(problem_of(number), number.type == "fixed_line" ? "fixed_line" : "") << c.text;
  }
}

TEST(Phone, RegionAndTypeComeWithTheNumber) {
  const auto mobile = normalise_phone("+4915112345678", "US");
  EXPECT_EQ(mobile.country, "DE");
  EXPECT_EQ(mobile.type, "mobile");
  EXPECT_EQ(normalise_phone("+493012345678", "").type, "fixed_line");
  EXPECT_EQ(normalise_phone("+14254147755", "").type, "fixed_line_or_mobile");
  EXPECT_EQ(normalise_phone("+18002530000", "").type, "toll_free");
  EXPECT_EQ(normalise_phone("+447400123456", "").country, "GB");
}

TEST(Phone, AValidNumberThatGetsNoSmsSaysSo) {
  for (const auto* number : {"+493012345678", "+18002530000", "+449098790123"}) {
    const auto n = normalise_phone(number, "");
    EXPECT_TRUE(n.valid()) << number;
    EXPECT_EQ(problem_of(n), n.type) << number;
  }
  EXPECT_EQ(problem_of(normalise_phone("+14254147755", "")), "") << "may be a mobile one";
}

/// All numbers that the library's tables give as examples, of each region and type.
TEST(Phone, EveryExampleNumberOfEveryRegionNormalisesToItself) {
  using i18n::phonenumbers::PhoneNumberUtil;
  const auto& library = *PhoneNumberUtil::GetInstance();
  std::set<std::string> regions;
  library.GetSupportedRegions(&regions);
  int numbers = 0;
  for (const auto& region : regions) {
    for (int type = PhoneNumberUtil::FIXED_LINE; type <= PhoneNumberUtil::VOICEMAIL; ++type) {
      i18n::phonenumbers::PhoneNumber example;
      const auto wanted = static_cast<PhoneNumberUtil::PhoneNumberType>(type);
      if (!library.GetExampleNumberForType(region, wanted, &example)) continue;
      std::string e164, national;
      library.Format(example, PhoneNumberUtil::E164, &e164);
      library.Format(example, PhoneNumberUtil::NATIONAL, &national);
      EXPECT_EQ(normalise_phone(e164, "").e164, e164) << region << ' ' << type;
      EXPECT_EQ(normalise_phone(national, region).e164, e164) << region << ' ' << national;
      ++numbers;
    }
  }
  EXPECT_GT(regions.size(), 240U);
  EXPECT_GT(numbers, 1000);
}

TEST(Phone, ARefusalSaysWhy) {
  const std::vector<std::array<const char*, 3>> cases{
      {"", "DE", "empty"},
      {"   ", "DE", "empty"},
      {"NULL", "DE", "empty"},
      {"n/a", "DE", "empty"},
      {"12", "DE", "too_short"},
      {"12", "", "too_short"},
      {"+49 151", "", "too_short"},
      {"+49 151 12345678901234", "", "too_long"},
      {"---", "DE", "not_a_number"},
      {"unknown", "DE", "not_a_number"},
      {"0151 12345678", "", "unknown_region"},
      {"0151 12345678", "XX", "unknown_region"},
      {"+999 123456789", "", "unknown_country_code"},
      {"1-800-FLOWERS", "US", "letters"},
      {"0151 12345678 mobile", "DE", "letters"},
      {"(425) 414-7755 ext. 12", "US", "extension"},
      {"+1 425 414 7755 x12", "", "extension"},
      {"(171) 555-7788", "GB", "invalid"}};
  for (const auto& [text, region, reason] : cases) {
    const auto number = normalise_phone(text, region);
    EXPECT_FALSE(number.valid()) << text;
    EXPECT_EQ(number.e164, "") << text;
    EXPECT_EQ(problem_of(number), reason) << text << ' ' << region;
  }
  EXPECT_EQ(problem_of(normalise_phone(std::string(10'000, '1'), "DE")), "too_long");
}

TEST(Phone, TheSimulatorsNumbersAreValid) {
  for (const auto* number : {"+14254147755", "+14254147167", "+61455944038", "+43676800442031",
                             "+32460213922", "+420790542286", "+4525919410", "+3584573974000",
                             "+33755512501", "+85257048426", "+12025550100", "+12025550111"})
    EXPECT_EQ(normalise_phone(number, "").e164, number);
}

TEST(Phone, ARememberedNumberIsTheSameForItsRegionOnly) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(normalise_phone("0612345678", "FR").e164, "+33612345678");
    EXPECT_EQ(normalise_phone("0612345678", "NL").e164, "+31612345678");
    EXPECT_EQ(problem_of(normalise_phone("0612345678", "")), "unknown_region");
  }
}

TEST(Phone, NothingIsPrintedAboutANumber) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  for (const auto* text : {"+999 123456", "+4", "abc", "++++", "0151", "+800 1"})
    (void)normalise_phone(text, "XX");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Phone, ManyThreadsMayAskForMoreNumbersThanAreRemembered) {
  std::vector<std::jthread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&wrong, t] {
      for (int i = 0; i < 20'000; ++i) {
        // Most are refused quickly; every hundredth is a real one that has to stay right.
        const bool real = i % 100 == 0;
        const auto number = real ? normalise_phone("0151 12345678", "DE")
                                 : normalise_phone("n" + std::to_string(i * 4 + t), "");
        if (number.valid() != real) ++wrong;
      }
    });
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(Phone, AMaskShowsTheCountryAndTwoDigits) {
  EXPECT_EQ(mask_phone("+4915112345678"), "+49…78");
  EXPECT_EQ(mask_phone("+14254147755"), "+1…55");
  EXPECT_EQ(mask_phone("+420790542286"), "+420…86");
  EXPECT_EQ(mask_phone(""), "");
  EXPECT_EQ(mask_phone("+49123"), "…");
  EXPECT_EQ(mask_phone("anna@example.com"), "…");
}

}  // namespace
}  // namespace postrider::message
