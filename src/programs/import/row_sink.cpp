#include "programs/import/row_sink.hpp"

#include <nlohmann/json.hpp>

#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using domain::Error;
using domain::ErrorKind;

// The wait after a connection broke: a service that is restarted is up again within seconds.
constexpr domain::Milliseconds comeback_wait{1'000};

bool is_temporary_status(long status) {
  return status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

domain::Result<std::vector<RowResult>> parse_row_results(std::string_view ndjson,
                                                         std::size_t expected) {
  std::vector<RowResult> results;
  while (!ndjson.empty()) {
    const auto end = std::min(ndjson.find('\n'), ndjson.size());
    const std::string_view line = ndjson.substr(0, end);
    ndjson.remove_prefix(std::min(end + 1, ndjson.size()));
    if (line.find_first_not_of(" \r") == line.npos) continue;
    const auto answer = nlohmann::ordered_json::parse(line, nullptr, false);
    if (!answer.is_object())
      return Error{ErrorKind::invalid, "the service gave an answer that is not understood"};
    RowResult result;
    if (const auto error = answer.find("error"); error != answer.end()) {
      result = {text_of(*error, "code"), text_of(*error, "pointer"), text_of(*error, "hint"), false,
                ""};
      if (result.code.empty()) result.code = "refused";
      // The store failed, not the row: the slice is put again, and its stored rows are duplicates.
      if (result.code == "unavailable" || result.code == "storage_full")
        return Error{ErrorKind::unavailable, result.code + ": " + result.hint};
    }
    result.duplicate = text_of(answer, "duplicate") == "true";
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
