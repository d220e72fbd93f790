// A fresh Postrider service for a measurement: with an empty data folder, without sending, so that
// the intake is measured alone, and without limits for customers or addresses. For one thread.
#pragma once

#include <cstdint>
#include <filesystem>

#include "child.hpp"
#include "settings.hpp"

namespace postrider::bench {

/// An empty folder under the run's data folder, deleted with this object.
class Folder {
 public:
  explicit Folder(const Settings& settings);
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

class Service {
 public:
  explicit Service(const Settings& settings);

  std::uint16_t port() const { return port_; }
  const Folder& folder() const { return folder_; }

 private:
  Folder folder_;
  Child child_;
  std::uint16_t port_;
};

}  // namespace postrider::bench
