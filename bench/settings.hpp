// The settings of a run of the benchmarks: its measurements, its programs and its folders. A plain
// value.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

namespace postrider::bench {

struct Settings {
  std::filesystem::path postrider;        // the program that is measured
  std::filesystem::path bare_accept;      // its ceiling
  std::filesystem::path zips;             // of the functions of AWS Lambda
  std::filesystem::path python;           // with boto3 …
  std::filesystem::path python_function;  // … and their ceiling
  std::filesystem::path data;             // a folder on a disk, emptied before and after
  std::filesystem::path results;          // the JSON
  std::set<std::string> only;             // "P1" …; empty: all
  bool ceilings_only = false;
  int rounds = 5;
  std::chrono::milliseconds warm_up{700};
  std::chrono::milliseconds measured{2000};
  std::size_t bulk_rows = 60'000;
  std::size_t bulk_rows_a_request = 30'000;  // about 8 MB; the service takes 32 MiB
  // Long enough that the wait for the last receipts is a small part.
  std::size_t carried_rows = 100'000;

  /// One short round that only shows that all works; its figures mean nothing.
  void make_quick() {
    rounds = 1;
    warm_up = std::chrono::milliseconds{200};
    measured = std::chrono::milliseconds{500};
    bulk_rows = 10'000;
    bulk_rows_a_request = 5'000;
    carried_rows = 5'000;
  }
};

}  // namespace postrider::bench
