#include "message/json/json_split.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace postrider::message {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(JsonSplit, OfAnArrayRespectsStringsAndBrackets) {
  EXPECT_THAT(*split_json_array(R"( [ {"a":[1,2]} ,"],\",[", 1e400,[[]] ] )", 10),
              ElementsAre(R"({"a":[1,2]})", R"("],\",[")", "1e400", "[[]]"));
  EXPECT_THAT(*split_json_array("[]", 10), IsEmpty());
  EXPECT_THAT(*split_json_array("[,]", 10), ElementsAre("", ""));
}

TEST(JsonSplit, OfAnArrayStopsBehindTheMost) {
  EXPECT_EQ(split_json_array("[1,2,3,4,5,6]", 2)->size(), 3U);
}

TEST(JsonSplit, IsOfOneWholeArray) {
  for (const char* text : {"", "[", "]", "[1", "1]", "[1][2]", "[\"]", "[\"\\\"]", "[1]]", "[[1]",
                           "{\"a\":1}", "[1] 2"})
    EXPECT_FALSE(split_json_array(text, 10)) << text;
}

TEST(JsonSplit, OfAnObjectGivesKeysAndValues) {
  EXPECT_THAT(*split_json_object("{ \"a,\\\"\" : 1e400, \"b\":{\"c\":[1,2]},\"d\":\"M\xfcnchen\"}"),
              ElementsAre(Pair("\"a,\\\"\"", "1e400"), Pair("\"b\"", "{\"c\":[1,2]}"),
                          Pair("\"d\"", "\"M\xfcnchen\"")));
  EXPECT_THAT(*split_json_object("{}"), IsEmpty());
}

TEST(JsonSplit, IsOfOneWholeObject) {
  for (const char* text : {"", "{", "{1:2}", "{\"a\"}", "{\"a\" 1}", "{\"a\":1}{\"b\":2}", "[1]",
                           "{\"a\":\"}", "{\"a\":1,}"})
    EXPECT_FALSE(split_json_object(text)) << text;
}

}  // namespace
}  // namespace postrider::message
