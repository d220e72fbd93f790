// Our replacement beside the rules of peers: never more segments than the best of them, text for
// text.
#include "message/text/peers.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "message/text/replacement.hpp"
#include "message/text/utf8.hpp"

namespace postrider::message {
namespace {

int segments(std::string_view text) { return count_segments(text).segments; }

TEST(Peers, NeedNeverFewerSegments) {
  for (const auto& [language, text] : peers::shop_texts()) {
    const auto notify = peers::govuk_notify(text);
    const int best = std::min({segments(text), segments(peers::twilio(text)),
                               notify ? segments(*notify) : segments(text)});
    EXPECT_LE(replace_for_gsm7(text).count.segments, best) << language << ": " << text;
  }
}

TEST(Peers, NeedMoreOverAll) {
  int ours = 0, notify = 0, twilio = 0;
  for (const auto& [language, text] : peers::shop_texts()) {
    ours += replace_for_gsm7(text).count.segments;
    notify += segments(peers::govuk_notify(text).value_or(text));
    twilio += segments(peers::twilio(text));
  }
  EXPECT_LT(ours, notify);
  EXPECT_LT(ours, twilio);
}

TEST(Peers, EverySignThatTwilioReplacesIsReplacedHere) {
  for (const auto& sign : peers::twilio_signs()) {
    std::string text = "a ";
    append_utf8(text, sign.code);
    text += " b";
    EXPECT_TRUE(is_gsm7(replace_for_gsm7(text).text)) << std::hex << std::uint32_t{sign.code};
  }
}

TEST(Peers, AreModelledAsTheyAreDescribed) {
  EXPECT_EQ(peers::govuk_notify("“á” – ŵ"), "\"a\" - ŵ");
  EXPECT_EQ(peers::govuk_notify("ł"), std::nullopt);
  EXPECT_EQ(peers::govuk_notify("Привет"), std::nullopt);
  EXPECT_EQ(peers::twilio("«á» – ½"), "\"á\" - 1/2");
}

}  // namespace
}  // namespace postrider::message
