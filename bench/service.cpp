#include "service.hpp"

namespace postrider::bench {
namespace {

std::vector<std::string> command(const Settings& settings, const Folder& folder) {
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

Folder::Folder(const Settings& settings) {
  static int made = 0;
  path_ = settings.data / std::to_string(++made);
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
}

Folder::~Folder() {
  std::error_code ignored;  // the whole data folder is emptied at the end
  std::filesystem::remove_all(path_, ignored);
}

Service::Service(const Settings& settings)
    : folder_{settings},
      child_{command(settings, folder_), folder_ / "output"},
      port_{child_.port()} {}

}  // namespace postrider::bench
