#include "programs/import/row_sink.hpp"

#include <simdjson.h>

#include <algorithm>

namespace postrider::programs {
namespace {

using domain::Error;
using domain::ErrorKind;

// The wait after a connection broke: a service that is restarted is up again within seconds.
constexpr domain::Milliseconds comeback_wait{1'000};

using Fields = simdjson::dom::object;

/// A text of an answer; empty where it has none.
std::string text_of(const Fields& answer, const char* field) {
  std::string_view text;
  return answer[field].get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

bool is_temporary_status(long status) {
  return status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

domain::Result<std::vector<RowResult>> parse_row_results(std::string_view ndjson,
                                                         std::size_t expected) {
  std::vector<RowResult> results;
  results.reserve(expected);
  simdjson::dom::parser parser;
  while (!ndjson.empty()) {
    const auto end = std::min(ndjson.find('\n'), ndjson.size());
    const std::string_view line = ndjson.substr(0, end);
    ndjson.remove_prefix(std::min(end + 1, ndjson.size()));
    if (line.find_first_not_of(" \r") == line.npos) continue;
    Fields answer;
    if (parser.parse(line.data(), line.size()).get(answer) != simdjson::SUCCESS)
      return Error{ErrorKind::invalid, "the service gave an answer that is not understood"};
    RowResult result;
    if (Fields error; answer["error"].get(error) == simdjson::SUCCESS) {
      result = {text_of(error, "code"), text_of(error, "pointer"), text_of(error, "hint"), false,
                ""};
      if (result.code.empty()) result.code = "refused";
      // The store failed, not the row: the slice is put again, and its stored rows are duplicates.
      if (result.code == "unavailable" || result.code == "storage_full")
        return Error{ErrorKind::unavailable, result.code + ": " + result.hint};
    }
    if (bool duplicate; answer["duplicate"].get(duplicate) == simdjson::SUCCESS)
      result.duplicate = duplicate;
    result.phone_problem = text_of(answer, "phone_problem");
    results.push_back(std::move(result));
  }
  if (results.size() != expected)
    return Error{ErrorKind::unavailable, "the answer of the service was cut short"};
  return results;
}

domain::Result<std::vector<RowResult>> HttpRowSink::put(std::span<const std::string> rows) {
  asked_wait_ = domain::Milliseconds{0};
  std::string body;
  for (const auto& row : rows) body.append(row).push_back('\n');
  try {
    const HttpAnswer answer = client_.call("POST", path_, body, "application/x-ndjson");
    if (answer.status == 200) return parse_row_results(answer.body, rows.size());
    asked_wait_ = answer.retry_after;
    return Error{is_temporary_status(answer.status) ? ErrorKind::unavailable : ErrorKind::invalid,
                 explain_problem(answer)};
  } catch (const Unreachable& e) {
    if (e.connected) asked_wait_ = comeback_wait;
    return Error{ErrorKind::unavailable, e.what()};
  }
}

}  // namespace postrider::programs
