#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <sstream>

#include "programs/import/csv.hpp"
#include "programs/outcome.hpp"

namespace postrider::programs {
namespace {

using Fields = std::vector<std::string>;
using testing::ElementsAre;
using testing::HasSubstr;

struct Read {
  std::vector<CsvRow> rows;
  std::vector<Fields> fields;  // of the rows without a problem
};

Read read(const std::string& text, const CsvOptions& options = {}) {
  std::istringstream input{text};
  CsvReader reader{input, options};
  Read all;
  while (auto row = reader.next()) {
    if (!row->problem) all.fields.push_back(row->fields);
    all.rows.push_back(std::move(*row));
  }
  EXPECT_EQ(reader.bytes_read(), text.size());
  return all;
}

std::string refusal(const std::string& text, const CsvOptions& options = {}) {
  std::istringstream input{text};
  try {
    const CsvReader reader{input, options};
  } catch (const UsageError& e) {
    return e.what();
  }
  return "no error";
}

TEST(Csv, ReadsRowsUnderAHeading) {
  EXPECT_THAT(read("a,b\n1,2\n3,\n").fields, ElementsAre(Fields{"1", "2"}, Fields{"3", ""}));
}

TEST(Csv, TakesEveryLineEndAndALastLineWithout) {
  const auto expected = ElementsAre(Fields{"1", "2"}, Fields{"3", "4"});
  EXPECT_THAT(read("a,b\r\n1,2\r\n3,4\r\n").fields, expected);
  EXPECT_THAT(read("a,b\r1,2\r3,4\r").fields, expected);
  EXPECT_THAT(read("a,b\n1,2\n3,4").fields, expected);
  EXPECT_THAT(read("a,b\r\n1,2\r\n3,4\"").rows.back().fields, ElementsAre("3", "4\""));
}

TEST(Csv, QuotesHoldDelimitersLineEndsAndQuotes) {
  const auto read_rows = read("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"two\r\nlines\",\"\"\n1,2\n");
  EXPECT_THAT(read_rows.fields, ElementsAre(Fields{"x, y", "say \"hi\""},
                                            Fields{"two\r\nlines", ""}, Fields{"1", "2"}));
  EXPECT_EQ(read_rows.rows[2].number, 4U) << "rows are counted as a spreadsheet does, not lines";
}

TEST(Csv, PassesOverTheByteOrderMark) {
  std::istringstream input{"\xef\xbb\xbf\"a\",b\n1,2\n"};
  const CsvReader reader{input, {}};
  EXPECT_THAT(reader.columns(), ElementsAre("a", "b"));
}

TEST(Csv, FindsTheDelimiterInTheHeading) {
  EXPECT_THAT(read("a;b\n1,5;2\n").fields, ElementsAre(Fields{"1,5", "2"}));
  EXPECT_THAT(read("a\tb\n1,5\t2\n").fields, ElementsAre(Fields{"1,5", "2"}));
  EXPECT_THAT(read("\"x;y;z\",b\n1,2\n").fields, ElementsAre(Fields{"1", "2"}));
  EXPECT_THAT(read("a\n1\n").fields, ElementsAre(Fields{"1"}));
}

TEST(Csv, AWrongNumberOfColumnsNamesRowAndCounts) {
  const auto all = read("a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3\n");
  ASSERT_EQ(all.rows.size(), 4U);
  EXPECT_EQ(all.fields.size(), 2U);
  EXPECT_EQ(all.rows[1].number, 3U);
  EXPECT_EQ(all.rows[1].problem->code, "wrong_column_count");
  EXPECT_THAT(all.rows[1].problem->hint, HasSubstr("3 columns, this row has 2"));
  EXPECT_THAT(all.rows[2].problem->hint, HasSubstr("3 columns, this row has 4"));
  EXPECT_THAT(all.rows[2].problem->hint, HasSubstr("--loose-column"));
}

TEST(Csv, TheLooseColumnTakesTheSurplus) {
  CsvOptions loose;
  loose.loose_column = "b";
  EXPECT_THAT(read("a,b,c\n1,Rua do Paco, 67,3\n1,x,y,z,3\n1,2,3\n", loose).fields,
              ElementsAre(Fields{"1", "Rua do Paco, 67", "3"}, Fields{"1", "x,y,z", "3"},
                          Fields{"1", "2", "3"}));
  EXPECT_EQ(read("a,b,c\n1,2\n", loose).rows[0].problem->code, "wrong_column_count");
  loose.loose_column = "c";
  EXPECT_THAT(read("a,b,c\n1,2,3,4\n", loose).fields, ElementsAre(Fields{"1", "2", "3,4"}));
  EXPECT_THAT(refusal("a,city\n", {0, "ciy"}), HasSubstr("did you mean \"city\"?"));
}

TEST(Csv, AQuoteThatNeverClosesCostsItsOwnLineOnly) {
  const auto all = read("a,b\n\"open,2\n3,4\n5,6\n");
  ASSERT_EQ(all.rows.size(), 3U);
  EXPECT_EQ(all.rows[0].problem->code, "unclosed_quote");
  EXPECT_THAT(all.fields, ElementsAre(Fields{"3", "4"}, Fields{"5", "6"}));
}

TEST(Csv, TextAfterAClosingQuoteIsNotGuessed) {
  const auto all = read("a,b\n\"x\"y,2\n3,4\n");
  EXPECT_EQ(all.rows[0].problem->code, "text_after_quote");
  EXPECT_THAT(all.fields, ElementsAre(Fields{"3", "4"}));
}

TEST(Csv, AnInchSignInsideAFieldIsText) {
  EXPECT_THAT(read("a,b\n5\" pipe,2\n").fields, ElementsAre(Fields{"5\" pipe", "2"}));
}

TEST(Csv, ARowThatIsTooLongCostsItselfOnly) {
  const std::string huge(3 * CsvReader::max_row_bytes + 17, 'x');
  const auto all = read("a,b\n" + huge + ",2\n3,4\n");
  ASSERT_EQ(all.rows.size(), 2U);
  EXPECT_EQ(all.rows[0].problem->code, "too_long");
  EXPECT_THAT(all.fields, ElementsAre(Fields{"3", "4"}));
  const std::string exact(2 * CsvReader::max_row_bytes, 'x');
  EXPECT_EQ(read("a\n" + exact).rows.size(), 1U) << "also where the file ends with it";
}

TEST(Csv, BlankRowsArePassedOverButCounted) {
  const auto all = read("a,b\n\n1,2\n,\n3,4\n\n");
  EXPECT_THAT(all.fields, ElementsAre(Fields{"1", "2"}, Fields{"3", "4"}));
  EXPECT_EQ(all.rows[1].number, 5U);
}

TEST(Csv, OtherEncodingsAreDistinguished) {
  const auto all = read("a,b\nM\xfcller,2\n3,4\n");
  EXPECT_EQ(all.rows[0].problem->code, "invalid_utf8");
  EXPECT_THAT(all.fields, ElementsAre(Fields{"3", "4"}));
  EXPECT_THAT(refusal(std::string{"\xff\xfe\x61\x00", 4}), HasSubstr("UTF-16"));
}

TEST(Csv, AHeadingMustBeOfUse) {
  EXPECT_THAT(refusal(""), HasSubstr("empty"));
  EXPECT_THAT(refusal("\n\n"), HasSubstr("empty"));
  EXPECT_THAT(refusal("a,b,a\n"), HasSubstr("two columns are named \"a\""));
  EXPECT_THAT(refusal("\"a,b\n"), HasSubstr("heading"));
  EXPECT_EQ(read("a,b\n").rows.size(), 0U);
  EXPECT_EQ(read(" a ,\tb,,\n1,2,,\n").rows.size(), 1U) << "columns without a name are no mistake";
}

std::string quoted(const std::string& field) {
  std::string text = "\"";
  for (const char c : field) text += c == '"' ? std::string{"\"\""} : std::string{c};
  return text + "\"";
}

RC_GTEST_PROP(Csv, AQuotedValueIsReadBack, ()) {
  const auto field =
      rc::gen::container<std::string>(rc::gen::element('a', ',', '"', '\n', '\r', ' '));
  const auto rows = *rc::gen::container<std::vector<Fields>>(rc::gen::container<Fields>(3, field));
  std::string text = "x,y,z\r\n";
  for (const auto& row : rows)
    text += quoted(row[0]) + "," + quoted(row[1]) + "," + quoted(row[2]) + "\r\n";
  RC_ASSERT(read(text).fields == rows);
}

RC_GTEST_PROP(Csv, AnythingIsReadToItsEnd, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::element('a', ',', ';', '"', '\n', '\r', '\xff'));
  std::istringstream input{"h,i\n" + text};
  CsvReader reader{input, {}};
  std::uint64_t last = 1;
  while (const auto row = reader.next()) {
    RC_ASSERT(row->number > last);
    RC_ASSERT(row->problem || row->fields.size() == 2);
    last = row->number;
  }
  RC_ASSERT(reader.bytes_read() == text.size() + 4);
}

}  // namespace
}  // namespace postrider::programs
