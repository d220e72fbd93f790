#include "message/phone/numbering_plan.hpp"

#include <gtest/gtest.h>
#include <phonenumbers/logger.h>

#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace postrider::message {
namespace {

using Library = i18n::phonenumbers::PhoneNumberUtil;
using Parsed = i18n::phonenumbers::PhoneNumber;

const Library& library() {
  auto* instance = Library::GetInstance();
  instance->SetLogger(new i18n::phonenumbers::NullLogger);
  return *instance;
}

/// An example of each kind of each region, and numbers that differ from it in a few digits or in
/// their length.
std::vector<std::string> numbers_like_examples(int of_each) {
  const auto& lib = library();
  std::mt19937 random{20221};
  std::set<std::string> regions;
  lib.GetSupportedRegions(&regions);
  std::vector<std::string> numbers;
  for (const auto& region : regions) {
    for (int type = Library::FIXED_LINE; type <= Library::VOICEMAIL; ++type) {
      Parsed example;
      if (!lib.GetExampleNumberForType(region, static_cast<Library::PhoneNumberType>(type),
                                       &example))
        continue;
      std::string e164;
      lib.Format(example, Library::E164, &e164);
      numbers.push_back(e164);
      for (int i = 1; i < of_each; ++i) {
        auto changed = e164;
        for (auto changes = 1 + random() % 6; changes > 0; --changes)
          changed[1 + random() % (changed.size() - 1)] = static_cast<char>('0' + random() % 10);
        if (i % 8 == 0) changed.pop_back();
        if (i % 8 == 1) changed += '5';
        numbers.push_back(changed);
      }
    }
  }
  return numbers;
}

TEST(NumberingPlan, ItNeverSaysAnythingElseThanTheLibrary) {
  const auto& lib = library();
  int valid = 0, told = 0;
  for (const auto& text : numbers_like_examples(40)) {
    Parsed parsed;
    const bool read = lib.Parse(text, "ZZ", &parsed) == Library::NO_PARSING_ERROR;
    const auto type = read ? lib.GetNumberType(parsed) : Library::UNKNOWN;
    valid += type != Library::UNKNOWN;
    const auto kind = kind_of_e164(text);
    if (!kind) continue;
    ++told;
    std::string e164, region;
    lib.Format(parsed, Library::E164, &e164);
    lib.GetRegionCodeForNumber(parsed, &region);
    EXPECT_TRUE(lib.IsValidNumber(parsed)) << text;
    EXPECT_EQ(kind->type, type) << text;
    EXPECT_EQ(kind->region, region) << text;
    EXPECT_EQ(text, e164);
  }
  EXPECT_GT(valid, 10'000);
  EXPECT_GT(told, valid * 9 / 10);
}

TEST(NumberingPlan, AMobileNumberOfEachRegionIsToldWithoutTheLibrary) {
  const auto& lib = library();
  std::set<std::string> regions;
  lib.GetSupportedRegions(&regions);
  std::vector<std::string> left;
  for (const auto& region : regions) {
    Parsed example;
    std::string e164;
    if (!lib.GetExampleNumberForType(region, Library::MOBILE, &example)) continue;
    lib.Format(example, Library::E164, &e164);
    if (!kind_of_e164(e164)) left.push_back(e164);
  }
  // Their first digits may be a national prefix, which the library tells by trying both.
  EXPECT_LT(left.size(), regions.size() / 10) << testing::PrintToString(left);
}

TEST(NumberingPlan, OtherWritingIsLeftToTheLibrary) {
  for (const auto* text :
       {"", "+", "+4", "+49", "+491", "+0", "+999123456", "4915112345678", "+49 15112345678",
        "+49151123456a8", "+4915112345678\n", "+490151123456", "+4901511234567", "+80012345678",
        "+1234567890123456", "+390612345678", "+٤٩1511234567", "++4915112345678"})
    EXPECT_FALSE(kind_of_e164(text).has_value()) << text;
}

TEST(NumberingPlan, ThreadsThatAskFirstGetTheSameAnswer) {
  std::vector<std::thread> threads;
  std::vector<int> told(4);
  for (std::size_t t = 0; t < told.size(); ++t)
    threads.emplace_back([&told, t] {
      for (const auto* text : {"+4915112345678", "+14254147755", "+447400123456", "+33612345678"})
        told[t] += kind_of_e164(text).has_value();
    });
  for (auto& thread : threads) thread.join();
  for (const int n : told) EXPECT_EQ(n, 4);
}

}  // namespace
}  // namespace postrider::message
