#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "programs/import/importer.hpp"
#include "programs/import/row_sink.hpp"

namespace postrider::programs {
namespace {

using domain::Error;
using domain::ErrorKind;
using testing::HasSubstr;

struct Failure {
  Error error{ErrorKind::unavailable, ""};
  bool stored = false;  // the rows are in, only the answer was lost
};

/// A sink that takes rows as a service does: a row that was there is a duplicate. Fails where a
/// test sets that.
class Store final : public RowSink {
 public:
  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) override {
    slices.push_back(rows.size());
    if (const auto failure = failures.find(slices.size()); failure != failures.end()) {
      if (failure->second.stored) store(rows);
      return failure->second.error;
    }
    return store(rows);
  }
  domain::Milliseconds asked_wait() const override { return asked; }

  std::vector<RowResult> store(std::span<const std::string> rows) {
    std::vector<RowResult> results;
    for (const auto& row : rows) {
      auto& result = results.emplace_back();
      if (row.find("bad") != row.npos)
        result = {"missing_field", "/order_id", "give it", false, ""};
      else if (row.find("nophone") != row.npos)
        result.phone_problem = "too_short";
      else
        result.duplicate = !known.insert(row).second;
    }
    return results;
  }

  std::set<std::string> known;
  std::map<std::size_t, Failure> failures;  // by the number of the call, from 1
  std::vector<std::size_t> slices;
  domain::Milliseconds asked{0};
};

struct Run {
  ImportSummary summary;
  std::string results;
  std::string progress;
  std::vector<domain::Milliseconds> waits;
};

Run import(Store& store, const std::string& ndjson, bool size_known = true) {
  std::istringstream input{ndjson};
  std::ostringstream results;
  std::ostringstream progress;
  Run run;
  const auto source = make_ndjson_source(input);
  run.summary = Importer{
      *source,
      store,
      {results, progress, false, size_known ? ndjson.size() : 0, [&](domain::Milliseconds pause) {
         run.waits.push_back(pause);
       }}}.run();
  run.results = results.str();
  run.progress = progress.str();
  return run;
}

std::string documents(std::size_t n) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text += "{\"n\":" + std::to_string(i) + "}\n";
  return text;
}

const Error broken{ErrorKind::unavailable, "the connection broke"};

TEST(Import, CountsEveryRowOnce) {
  Store store;
  const auto run = import(store, documents(2) + documents(1) + "{\"bad\":1}\n\n{\"nophone\":1}\n");
  EXPECT_EQ(run.summary.read, 5U);
  EXPECT_EQ(run.summary.accepted, 3U);
  EXPECT_EQ(run.summary.duplicates, 1U);
  EXPECT_EQ(run.summary.refused, 1U);
  EXPECT_EQ(run.summary.refused_by_code.at("missing_field"), 1U);
  EXPECT_EQ(run.summary.phone_problems, 1U);
  EXPECT_EQ(run.summary.stopped, "");
  EXPECT_THAT(run.results, HasSubstr("line 4: missing_field at /order_id: give it\n"));
  EXPECT_THAT(run.results, HasSubstr("line 6: phone not usable: too_short\n"));
}

constexpr std::size_t a_slice = 20'000;  // RowSink::max_rows()

TEST(Import, GoesInSlicesOfAFewThousandRows) {
  for (const bool ahead : {false, true}) {
    Store store;
    const auto run = import(store, documents(2 * a_slice + 500), ahead);
    EXPECT_THAT(store.slices, testing::ElementsAre(a_slice, a_slice, 500U));
    EXPECT_EQ(run.summary.accepted, 2 * a_slice + 500);
    EXPECT_EQ(store.known.size(), 2 * a_slice + 500) << "each row once";
  }
}

TEST(Import, RefusedRowsOfALaterSliceKeepTheirNumber) {
  Store store;
  const auto run = import(store, documents(a_slice + 200) + "{\"bad\":1}\n");
  EXPECT_THAT(run.results, HasSubstr("line " + std::to_string(a_slice + 201) + ": "));
}

TEST(Import, ASliceWhoseAnswerWasLostIsPutAgain) {
  Store store;
  store.failures = {{2, {broken, true}}};
  const auto run = import(store, documents(2 * a_slice));
  EXPECT_EQ(run.summary.accepted, a_slice);
  EXPECT_EQ(run.summary.duplicates, a_slice) << "the second slice was in already";
  EXPECT_EQ(store.known.size(), 2 * a_slice);
  EXPECT_EQ(run.summary.stopped, "");
  EXPECT_EQ(run.waits.size(), 1U);
}

TEST(Import, AServiceThatWasNeverThereIsNotWaitedFor) {
  Store store;
  store.failures = {{1, {broken}}};
  const auto run = import(store, documents(10));
  EXPECT_EQ(run.summary.stopped, "the connection broke");
  EXPECT_EQ(store.slices.size(), 1U);
  EXPECT_TRUE(run.waits.empty());
}

TEST(Import, ABusyServiceIsWaitedForAsLongAsItAsks) {
  Store store;
  store.asked = std::chrono::seconds{7};
  store.failures = {{1, {broken}}, {2, {broken}}};
  const auto run = import(store, documents(10));
  EXPECT_EQ(run.summary.accepted, 10U);
  EXPECT_THAT(run.waits, testing::ElementsAre(std::chrono::seconds{7}, std::chrono::seconds{7}));
  EXPECT_THAT(run.progress, HasSubstr("trying again in 7.0 s"));
}

TEST(Import, GivesUpAfterAFewTriesAndSaysWhy) {
  Store store;
  store.asked = domain::Milliseconds{1};
  for (std::size_t i = 1; i < 20; ++i) store.failures[i] = {broken};
  const auto run = import(store, documents(10));
  EXPECT_EQ(run.summary.stopped, "the connection broke");
  EXPECT_EQ(store.slices.size(), static_cast<std::size_t>(Importer::max_tries));
  EXPECT_EQ(run.summary.accepted, 0U);
}

TEST(Import, ARefusalOfTheWholeRequestIsNotRepeated) {
  Store store;
  store.asked = domain::Milliseconds{1};
  store.failures = {{1, {Error{ErrorKind::invalid, "no such key"}}}};
  EXPECT_EQ(import(store, documents(1)).summary.stopped, "no such key");
  EXPECT_EQ(store.slices.size(), 1U);
}

TEST(Import, AnAnswerOfTheServiceCantSteerTheTerminal) {
  class Evil final : public RowSink {
    domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) override {
      return std::vector<RowResult>(rows.size(), {"x\x1b[2J", "/\r\n", "\x07", false, ""});
    }
  } evil;
  std::istringstream input{documents(1)};
  std::ostringstream out;
  const auto source = make_ndjson_source(input);
  Importer{*source, evil, {out, out, false, 0, {}}}.run();
  EXPECT_EQ(out.str(), "line 1: x[2J at /: \n");
}

TEST(Import, TheSummaryIsOneJsonObject) {
  Store store;
  const auto json = nlohmann::json::parse(
      to_json(import(store, documents(3) + documents(1) + "{\"bad\":1}\n").summary));
  EXPECT_EQ(json["read"], 5);
  EXPECT_EQ(json["accepted"], 3);
  EXPECT_EQ(json["duplicates"], 1);
  EXPECT_EQ(json["refused"], 1);
  EXPECT_EQ(json["refused_by_code"]["missing_field"], 1);
  EXPECT_EQ(json["skipped"], 0);
  EXPECT_EQ(json["complete"], true);
}

TEST(BulkAnswer, IsReadLineByLine) {
  const auto results = parse_row_results(
      "{\"line\":1,\"notification_id\":\"x\",\"duplicate\":true}\n"
      "{\"line\":2,\"error\":{\"code\":\"c\",\"pointer\":\"/p\",\"hint\":\"h\"}}\n"
      "{\"line\":3,\"id\":\"C1\",\"phone_problem\":null}\n"
      "{\"line\":4,\"id\":\"C2\",\"phone_problem\":\"too_short\"}\n",
      4);
  ASSERT_TRUE(results);
  EXPECT_TRUE((*results)[0].duplicate);
  EXPECT_EQ((*results)[1].code, "c");
  EXPECT_EQ((*results)[1].pointer, "/p");
  EXPECT_EQ((*results)[2].phone_problem, "");
  EXPECT_EQ((*results)[3].phone_problem, "too_short");
}

TEST(BulkAnswer, ThatWasCutOrSaysTheStoreFailedIsWorthAnotherTry) {
  const auto cut = parse_row_results("{\"line\":1}\n", 2);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().kind, ErrorKind::unavailable);
  const auto full = parse_row_results("{\"line\":1,\"error\":{\"code\":\"storage_full\"}}\n", 1);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, ErrorKind::unavailable);
  const auto strange = parse_row_results("<html>\n", 1);
  ASSERT_FALSE(strange);
  EXPECT_EQ(strange.error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace postrider::programs
