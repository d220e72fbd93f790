// A fresh Postrider service to be measured: its own empty data folder, sending switched off so that
// the intake is measured alone, no limit a customer or address could run into.
#pragma once

#include <cstdint>
#include <filesystem>

#include "child.hpp"
#include "settings.hpp"

namespace postrider::bench {

/// An empty folder under the run's data folder.
std::filesystem::path fresh_folder(const Settings& settings);

class Service {
 public:
  explicit Service(const Settings& settings);
  ~Service();

  std::uint16_t port() const { return port_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  Child child_;
  std::uint16_t port_;
};

}  // namespace postrider::bench
