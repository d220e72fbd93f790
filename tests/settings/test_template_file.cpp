// The TOML file of a shop's own texts: its values and its mistakes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "settings/template_file.hpp"
#include "support/folder.hpp"

namespace postrider::settings {
namespace {

using support::Folder;

using testing::HasSubstr;

class TemplateFileTest : public testing::Test {
 protected:
  Config with(const std::string& toml) {
    Config config;
    config.shop.templates = folder_.write("texts.toml", toml);
    return config;
  }
  std::string complaint(const std::string& toml) {
    try {
      static_cast<void>(templates_of(with(toml)));
    } catch (const UsageError& e) {
      return e.what();
    }
    return "no error";
  }
  Folder folder_;
};

TEST_F(TemplateFileTest, TheShopsTextsAreUsed) {
  const auto templates = templates_of(with(R"(
most_segments = 2
[samples]
carrier = "Deutsche Post DHL"
[de.shipped]
sms = "Mit {carrier}: {order_id}"
[de.letter]
greeting = "Moin!"
farewell = "Ihr Team"
)"));
  domain::OrderEvent event;
  event.order_id = "A-1";
  event.status = "shipped";
  event.data = {{"carrier", "UPS"}};
  const auto text = templates.render(event, "de", {});
  ASSERT_TRUE(text);
  EXPECT_EQ(text->sms_text, "Mit UPS: A-1");
  EXPECT_EQ(text->email_text, "Moin!\n\nMit UPS: A-1\n\nIhr Team");
  event.data.clear();
  EXPECT_FALSE(templates.render(event, "de", {})) << "the event lacks a value";
}

TEST_F(TemplateFileTest, EveryMistakeIsReportedWithItsLine) {
  const auto complaints = complaint(R"(most_segments = 99
[samples]
n = 12
[de.shipped]
sms = "{order_id}"
text = "?"
[de.letter]
greeting = ""
)");
  EXPECT_THAT(complaints, HasSubstr("texts.toml:1: most_segments must be"));
  EXPECT_THAT(complaints, HasSubstr("texts.toml:3: a sample is a text"));
  EXPECT_THAT(complaints, HasSubstr("texts.toml:6: [de.shipped] has no \"text\", only sms,"));
  EXPECT_THAT(complaints, HasSubstr("texts.toml:8: [de.letter] greeting must be a text"));
}

TEST_F(TemplateFileTest, AWrongPatternIsReportedWithItsLine) {
  EXPECT_THAT(complaint("[de.shipped]\nsubject = 'x'\nsms = 'Mit {carrier}'\n"),
              HasSubstr("texts.toml:3: [de.shipped] sms: there is no value {carrier}"));
  EXPECT_THAT(complaint("[de_AT.shipped]\nsms = '{'\nsubject = 'x'\n"),
              HasSubstr("texts.toml:2: [de-at.shipped] sms: not a message"));
}

TEST_F(TemplateFileTest, AFileThatIsNotThereOrNoTomlIsAMistake) {
  Config config;
  config.shop.templates = folder_ / "none.toml";
  EXPECT_THROW(static_cast<void>(templates_of(config)), UsageError);
  EXPECT_THAT(complaint("[de.shipped\n"), HasSubstr("texts.toml:1: "));
  EXPECT_THAT(complaint("sms = 'x'\n"), HasSubstr("texts.toml:1: there is no setting \"sms\""));
}

TEST_F(TemplateFileTest, ALanguageMayKeepItsLetters) {
  const auto templates = templates_of(with(R"(
[pl.replacement]
letters = "when_cheaper"
[pt-BR.replacement]
letters = "never"
keep = "ç"
)"));
  domain::OrderEvent event;
  event.order_id = "A-1";
  event.status = "shipped";
  const auto rules = [&](const char* locale) {
    return *templates.render(event, locale, {})->replacement;
  };
  using Letters = message::ReplacementRules::Letters;
  EXPECT_EQ(rules("pl").letters, Letters::when_cheaper);
  EXPECT_EQ(rules("pl-PL").letters, Letters::when_cheaper);
  EXPECT_EQ(rules("pt-BR").letters, Letters::never);
  EXPECT_EQ(rules("pt-BR").keep, U"ç");
  EXPECT_EQ(rules("pt").letters, Letters::always);
  EXPECT_EQ(rules("xx").letters, Letters::always);
  EXPECT_THAT(complaint("[pl.replacement]\nletters = \"some\"\n"),
              HasSubstr(":2: [pl.replacement]"));
  EXPECT_THAT(complaint("[pl.replacement]\ncolour = \"red\"\n"), HasSubstr(":2: [pl.replacement]"));
}

}  // namespace
}  // namespace postrider::settings
