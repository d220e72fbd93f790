#include "programs/import/importer.hpp"

#include <algorithm>
#include <cmath>
#include <future>
#include <nlohmann/json.hpp>

#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds bar_every{100};
constexpr std::chrono::seconds line_every{5};
constexpr std::size_t bar_width = 30;

double per_second(std::uint64_t rows, double seconds) {
  return seconds > 0 ? static_cast<double>(rows) / seconds : 0;
}

std::string one_decimal(double number) {
  const auto tenths = static_cast<std::uint64_t>(std::llround(number * 10));
  return grouped(tenths / 10) + "." + std::to_string(tenths % 10);
}

bool is_temporary(domain::ErrorKind kind) {
  return kind == domain::ErrorKind::unavailable || kind == domain::ErrorKind::storage_full;
}

}  // namespace

Importer::Importer(RowSource& source, RowSink& sink, ImportView view)
    : source_{source},
      sink_{sink},
      max_rows_{sink.max_rows()},
      view_{std::move(view)},
      began_{steady_clock::now()},
      shown_{began_} {}

double Importer::elapsed() const {
  return std::chrono::duration<double>(steady_clock::now() - began_).count();
}

Importer::Slice Importer::read_slice() {
  Slice slice;
  while (slice.rows.size() < max_rows_ && slice.bytes < slice_bytes) {
    auto next = source_.next();
    slice.last = !next;
    if (!next) break;
    ++slice.read;
    auto& row = next->row;
    if (row.skipped) {
      ++slice.skipped;
    } else if (row.problem) {
      slice.unreadable.push_back(
          {next->number, {row.problem->code, "", row.problem->hint, false, ""}});
      if (slice.unreadable.size() >= max_rows_) break;
    } else {
      slice.bytes += row.json.size() + 1;
      slice.rows.push_back(std::move(row.json));
      slice.numbers.push_back(next->number);
    }
  }
  slice.bytes_read = source_.bytes_read();
  return slice;
}

/// The next slice of a file is read while this one is being put. A pipe is not read ahead: an
/// import that has to stop would wait for the program that writes into the pipe.
ImportSummary Importer::run() {
  const bool ahead = view_.total_bytes > 0;
  auto slice = read_slice();
  while (true) {
    std::future<Slice> next;
    if (ahead && !slice.last)
      next = std::async(std::launch::async, [this] { return read_slice(); });
    summary_.read += slice.read;
    summary_.skipped += slice.skipped;
    bytes_read_ = slice.bytes_read;
    for (const auto& [number, result] : slice.unreadable) count_result(number, result);
    if (!slice.rows.empty() && !put_slice(slice)) break;
    if (slice.last) break;
    show_progress(false);
    slice = ahead ? next.get() : read_slice();
  }
  summary_.seconds = elapsed();
  show_progress(true);
  return summary_;
}

/// Puts one slice, with retries. False when the import can't go on.
bool Importer::put_slice(const Slice& slice) {
  auto wait = first_wait;
  for (int attempt = 1;; ++attempt) {
    auto results = sink_.put(slice.rows);
    if (results) {
      for (std::size_t i = 0; i < results->size(); ++i)
        count_result(slice.numbers[i], (*results)[i]);
      put_before_ = true;
      return true;
    }
    const auto asked_wait = sink_.asked_wait();
    // A service that is not reached for the first slice has probably a wrong address: no retry.
    const bool never_there = !put_before_ && asked_wait.count() == 0;
    if (!is_temporary(results.error().kind) || never_there || attempt == max_tries) {
      summary_.stopped = results.error().what;
      return false;
    }
    clear_bar();
    const auto pause = std::clamp(std::max(wait, asked_wait), first_wait, longest_wait);
    view_.progress << plain(results.error().what) << "; trying again in "
                   << one_decimal(std::chrono::duration<double>(pause).count()) << " s\n"
                   << std::flush;
    view_.sleep(pause);
    wait *= 2;
  }
}

void Importer::count_result(std::uint64_t number, const RowResult& result) {
  if (!result.code.empty()) {
    ++summary_.refused;
    ++summary_.refused_by_code[plain(result.code)];
    print_row(number, result.code + (result.pointer.empty() ? "" : " at " + result.pointer) +
                          (result.hint.empty() ? "" : ": " + result.hint));
    return;
  }
  ++(result.duplicate ? summary_.duplicates : summary_.accepted);
  if (result.phone_problem.empty()) return;
  ++summary_.phone_problems;
  print_row(number, "phone not usable: " + result.phone_problem);
}

void Importer::print_row(std::uint64_t number, const std::string& text) {
  clear_bar();
  view_.results << source_.unit() << " " << number << ": " << plain(text) << "\n";
}

void Importer::clear_bar() {
  if (!bar_shown_) return;
  view_.progress << "\r\x1b[K" << std::flush;
  bar_shown_ = false;
}

void Importer::show_progress(bool at_end) {
  const auto now = steady_clock::now();
  const bool due = view_.terminal ? now - shown_ >= bar_every : now - shown_ >= line_every;
  if (at_end) return clear_bar();
  if (!due) return;
  shown_ = now;
  const std::string counts =
      grouped(summary_.read) + " rows, " + grouped(summary_.refused) + " refused, " +
      grouped(static_cast<std::uint64_t>(per_second(summary_.read, elapsed()))) + " rows/s";
  if (!view_.terminal) {
    view_.progress << counts << "\n" << std::flush;
    return;
  }
  std::string bar;
  if (view_.total_bytes > 0) {
    const double share =
        std::min(1.0, static_cast<double>(bytes_read_) / static_cast<double>(view_.total_bytes));
    const auto full = static_cast<std::size_t>(share * static_cast<double>(bar_width));
    bar = "[" + std::string(full, '#') + std::string(bar_width - full, ' ') + "] " +
          std::to_string(static_cast<int>(share * 100)) + " %  ";
  }
  view_.progress << "\r\x1b[K" << bar << counts << std::flush;
  bar_shown_ = true;
}

std::string describe(const ImportSummary& s) {
  std::string text = grouped(s.read) + " rows read: " + grouped(s.accepted) + " accepted, " +
                     grouped(s.duplicates) + " duplicates, " + grouped(s.refused) + " refused, " +
                     grouped(s.skipped) + " skipped";
  if (s.phone_problems > 0)
    text += "; " + grouped(s.phone_problems) + " accepted without a usable phone";
  text += "\n";
  for (const auto& [code, n] : s.refused_by_code)
    text += "  refused for " + code + ": " + grouped(n) + "\n";
  const auto took = s.seconds < 1 ? std::to_string(std::lround(s.seconds * 1000)) + " ms"
                                  : one_decimal(s.seconds) + " s";
  return text + took + ", " + grouped(static_cast<std::uint64_t>(per_second(s.read, s.seconds))) +
         " rows/s\n";
}

std::string to_json(const ImportSummary& s) {
  const nlohmann::ordered_json json{
      {"read", s.read},
      {"accepted", s.accepted},
      {"duplicates", s.duplicates},
      {"refused", s.refused},
      {"refused_by_code", s.refused_by_code},
      {"skipped", s.skipped},
      {"phone_problems", s.phone_problems},
      {"seconds", std::round(s.seconds * 1000) / 1000},
      {"rows_per_second", std::llround(per_second(s.read, s.seconds))},
      {"complete", s.stopped.empty()}};
  return json.dump();
}

}  // namespace postrider::programs
