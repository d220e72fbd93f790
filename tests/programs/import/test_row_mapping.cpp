#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "programs/import/row_mapping.hpp"
#include "programs/import/row_source.hpp"
#include "programs/outcome.hpp"

namespace postrider::programs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<SourceRow> rows_of(RowKind kind, const std::string& csv, const MappingOptions& mapping,
                               const CsvOptions& options = {}) {
  std::istringstream input{csv};
  const auto source = make_csv_source(input, kind, options, mapping);
  std::vector<SourceRow> rows;
  while (auto row = source->next()) rows.push_back(std::move(*row));
  return rows;
}

std::string event(const std::string& csv, const MappingOptions& mapping) {
  const auto rows = rows_of(RowKind::order_event, csv, mapping);
  return rows.at(0).row.json;
}

std::string refusal(RowKind kind, const std::string& csv, const MappingOptions& mapping) {
  try {
    rows_of(kind, csv, mapping);
  } catch (const UsageError& e) {
    return e.what();
  }
  return "no error";
}

MappingOptions with(std::vector<std::string> maps, std::vector<std::string> constants = {}) {
  return {std::move(maps), std::move(constants), {}, {}};
}

TEST(RowMapping, TakesNamedColumnsAndConstants) {
  EXPECT_EQ(
      event("orderID,who,on\n10248,ALFKI,1996-07-04 00:00:00.000\n",
            with({"order_id=orderID", "customer_id=who", "occurred_at=on"}, {"status=shipped"})),
      R"({"order_id":"10248","customer_id":"ALFKI","occurred_at":"1996-07-04 00:00:00.000",)"
      R"("status":"shipped"})");
}

TEST(RowMapping, ColumnsWithOurNamesNeedNoMap) {
  EXPECT_EQ(
      event("order_id,customer_id,status,data.carrier,internal note\n1,2,shipped,DHL,x\n", {}),
      R"({"order_id":"1","customer_id":"2","status":"shipped","data":{"carrier":"DHL"}})");
}

TEST(RowMapping, AMapWinsOverAColumnOfThatName) {
  EXPECT_EQ(event("order_id,real,customer_id,status\n1,9,2,shipped\n", with({"order_id=real"})),
            R"({"order_id":"9","customer_id":"2","status":"shipped"})");
}

TEST(RowMapping, ContactAndDataAreObjects) {
  EXPECT_EQ(
      event("order_id,customer_id,status,tel,mail,first\n1,2,x,030 1,a@b.de,\"Jo \"\"J\"\"\"\n",
            with({"contact.phone=tel", "contact.email=mail", "data.name=first"})),
      R"({"contact":{"phone":"030 1","email":"a@b.de"},"data":{"name":"Jo \"J\""},)"
      R"("order_id":"1","customer_id":"2","status":"x"})");
}

TEST(RowMapping, MissingValuesAreLeftOut) {
  MappingOptions null;
  null.null = "NULL";
  EXPECT_EQ(event("order_id,customer_id,status,tracking_url,locale\n1,2,x,NULL, \n", null),
            R"({"order_id":"1","customer_id":"2","status":"x"})");
  EXPECT_THAT(event("order_id,customer_id,status,locale\n1,2,x,NULL\n", {}), HasSubstr("NULL"))
      << "only where it is said to mean that";
}

TEST(RowMapping, RowsWithoutAValueInAColumnMayBeSkipped) {
  MappingOptions options;
  options.null = "NULL";
  options.skip_if_missing = {"shipped on"};
  const auto rows =
      rows_of(RowKind::order_event,
              "order_id,customer_id,status,shipped on\n1,2,x,NULL\n2,2,x,today\n", options);
  EXPECT_TRUE(rows[0].row.skipped);
  EXPECT_FALSE(rows[1].row.skipped);
  EXPECT_THAT(rows[1].row.json, HasSubstr(R"("order_id":"2")"));
}

TEST(RowMapping, CustomersGetFlagsAndCountries) {
  const auto rows = rows_of(RowKind::customer,
                            "id,country,ok\nA,Germany,Yes\nB,USA,0\nC,Atlantis,true\nD,,maybe\n",
                            with({"region=country", "sms_opt_in=ok"}));
  EXPECT_EQ(rows[0].row.json, R"({"region":"DE","sms_opt_in":true,"id":"A"})");
  EXPECT_EQ(rows[1].row.json, R"({"region":"US","sms_opt_in":false,"id":"B"})");
  EXPECT_THAT(rows[2].row.json, HasSubstr(R"("region":"Atlantis")")) << "the service says why not";
  ASSERT_TRUE(rows[3].row.problem);
  EXPECT_EQ(rows[3].row.problem->code, "invalid_value");
  EXPECT_THAT(rows[3].row.problem->hint, testing::Not(HasSubstr("maybe")));
}

TEST(RowMapping, MistakesNameTheNearestFieldOrColumn) {
  const std::string csv = "orderID,customer_id,status\n1,2,x\n";
  const auto kind = RowKind::order_event;
  EXPECT_THAT(refusal(kind, csv, with({"order_id=orderId"})), HasSubstr("mean \"orderID\"?"));
  EXPECT_THAT(refusal(kind, csv, with({"oder_id=orderID"})), HasSubstr("mean \"order_id\"?"));
  EXPECT_THAT(refusal(kind, csv, {}), HasSubstr("no column gives order_id"));
  EXPECT_THAT(refusal(kind, csv, with({"orderID"})), HasSubstr("field=column"));
  EXPECT_THAT(refusal(kind, csv, with({"order_id=orderID"}, {"order_id=5"})), HasSubstr("twice"));
  EXPECT_THAT(refusal(kind, csv, with({"order_id=orderID"}, {"data.=5"})), HasSubstr("no field"));
  EXPECT_THAT(refusal(RowKind::customer, "id\n1\n", with({}, {"sms_opt_in=perhaps"})),
              HasSubstr("true or false"));
}

TEST(RowMapping, ARowThatCantBeReadKeepsItsNumberAndReason) {
  const auto rows = rows_of(RowKind::order_event, "order_id,customer_id,status\n1,2\n", {});
  EXPECT_EQ(rows[0].number, 2U);
  EXPECT_EQ(rows[0].row.problem->code, "wrong_column_count");
}

TEST(Ndjson, IsReadLineByLine) {
  const std::string text = "\xef\xbb\xbf{\"a\":1}\r\n\n  \n{\"b\":2}";
  std::istringstream input{text};
  const auto source = make_ndjson_source(input);
  const auto first = source->next();
  const auto second = source->next();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->row.json, "{\"a\":1}");
  EXPECT_EQ(second->row.json, "{\"b\":2}");
  EXPECT_EQ(second->number, 4U);
  EXPECT_FALSE(source->next());
  EXPECT_EQ(source->bytes_read(), text.size());
}

TEST(Ndjson, ALineThatIsTooLongOrNoUtf8IsRefusedAlone) {
  std::istringstream input{"{\"a\":\"" + std::string(300'000, 'x') + "\"}\n{\"M\xfc\":1}\n{}\n"};
  const auto source = make_ndjson_source(input);
  EXPECT_EQ(source->next()->row.problem->code, "too_long");
  EXPECT_EQ(source->next()->row.problem->code, "invalid_utf8");
  EXPECT_EQ(source->next()->row.json, "{}");
  EXPECT_FALSE(source->next());
}

TEST(FileFormats, AreDistinguishedByNameOrFirstCharacter) {
  std::istringstream json{"\n {\"a\":1}"};
  std::istringstream csv{"a,b\n"};
  EXPECT_EQ(guess_format("-", json), FileFormat::ndjson);
  EXPECT_EQ(guess_format("-", csv), FileFormat::csv);
  EXPECT_EQ(guess_format("x.ndjson", csv), FileFormat::ndjson);
  EXPECT_EQ(guess_format("x.csv", json), FileFormat::csv);
}

}  // namespace
}  // namespace postrider::programs
