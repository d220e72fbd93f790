#include "service.hpp"

namespace postrider::bench {
namespace {

std::vector<std::string> command(const Settings& settings, const std::filesystem::path& folder) {
  std::vector<std::string> words{settings.postrider, "serve",    "--data",
                                 folder / "data",    "--listen", "127.0.0.1:0"};
  for (const char* set : {"sms.workers=0", "email.workers=0", "sms.parts_per_second=0",
                          "customer.per_hour=0", "http.per_address=512", "log.level=warning"}) {
    words.emplace_back("--set");
    words.emplace_back(set);
  }
  return words;
}

}  // namespace

std::filesystem::path fresh_folder(const Settings& settings) {
  static int made = 0;
  auto folder = settings.data / std::to_string(++made);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

Service::Service(const Settings& settings)
    : folder_{fresh_folder(settings)},
      child_{command(settings, folder_), folder_ / "output"},
      port_{child_.port()} {}

Service::~Service() {
  child_.stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace postrider::bench
