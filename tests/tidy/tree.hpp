// The project's files as the tidy tests see them: sources and pages, read from the source folder.
// Reads the disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tidy/rules.hpp"

namespace postrider::tidy {

/// The project's folder.
const std::filesystem::path& root();

/// The whole text of a file; empty where it can't be read.
std::string read(const std::filesystem::path& path);

/// Every text file of the project, without built and installed files.
std::vector<File> all_files();

}  // namespace postrider::tidy
