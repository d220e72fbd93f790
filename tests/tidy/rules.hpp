// The rules that a source keeps, each from a file's path and text alone, so that it can be tried on
// a bad sample. Pure. test_tree.cpp applies them to the whole tree.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postrider::tidy {

inline constexpr int max_file_lines = 400;
inline constexpr int max_function_lines = 60;
inline constexpr int max_line_columns = 100;
inline constexpr int max_opening_lines = 4;
inline constexpr int max_folder_files = 40;

struct File {
  std::string path;  // from the project's folder, with '/'
  std::string text;
};

struct Finding {
  std::string rule;
  std::string path;
  int line = 0;
  std::string what;
};
using Findings = std::vector<Finding>;

Findings long_file(const File& file);
Findings long_line(const File& file);
Findings long_function(const File& file);
/// Includes follow the arrows between the layers, and the domain stays pure.
Findings forbidden_include(const File& file);
/// Only adapters and programs read a clock.
Findings read_clock(const File& file);
/// No folder is named common, util, helper, misc or shared.
Findings vague_folder(const File& file);
/// A header opens with one to four lines on why it exists, then #pragma once.
Findings header_opening(const File& file);
/// A folder holds at most 40 files; folders below it count by themselves.
Findings full_folders(std::span<const File> files);
/// No path of somebody's machine.
Findings absolute_path(const File& file);

/// All of the above rules that apply to this kind of file.
Findings check(const File& file);

}  // namespace postrider::tidy
