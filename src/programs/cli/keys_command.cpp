#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "message/json/order_event_json.hpp"
#include "programs/cli/commands.hpp"
#include "programs/serve/api_keys.hpp"
#include "programs/system_clock.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

using json = nlohmann::ordered_json;

struct KeysOptions {
  std::string data = "data";
  std::string name;
  std::string kind = "live";
  std::string shop;
  bool json = false;
};

std::string path_of(const KeysOptions& o) {
  settings::Config config;
  config.data = o.data;
  return settings::keys_path(config);
}

/// A lock beside the file of keys, held from reading it to replacing it, so that two commands at
/// the same time lose no key.
class KeysLock {
 public:
  explicit KeysLock(const std::string& keys_file) {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path{keys_file}.parent_path(), ignored);
    file_ = ::open((keys_file + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0 || ::flock(file_, LOCK_EX) != 0)
      throw Refused{"can't write " + keys_file + ".lock: " + std::strerror(errno)};
  }
  ~KeysLock() { ::close(file_); }
  KeysLock(const KeysLock&) = delete;
  KeysLock& operator=(const KeysLock&) = delete;

 private:
  int file_ = -1;
};

std::vector<ApiKey> load(const std::string& path) {
  auto keys = load_keys(path);
  if (!keys) throw Refused{keys.error().what};
  return *std::move(keys);
}

void save(const std::string& path, const std::vector<ApiKey>& keys) {
  if (const auto saved = save_keys(path, keys); !saved) throw Refused{saved.error().what};
}

std::vector<ApiKey>::iterator find_valid(std::vector<ApiKey>& keys, const std::string& name) {
  return std::find_if(keys.begin(), keys.end(),
                      [&](const ApiKey& k) { return k.name == name && !k.revoked; });
}

void add_key(const KeysOptions& o) {
  const std::string path = path_of(o);
  const KeysLock lock{path};
  auto keys = load(path);
  if (o.name.empty() || plain(o.name) != o.name)
    throw UsageError{"--name must be a text without control characters"};
  if (find_valid(keys, o.name) != keys.end())
    throw Refused{"there is a key named \"" + o.name +
                  "\": choose another name; both work until you revoke the old one"};
  const auto kind = o.kind == "live" ? domain::Mode::live : domain::Mode::test;
  const std::string secret = make_key(kind);
  keys.push_back({o.name, kind, o.shop, hash_of_key(secret), wall_now(), std::nullopt});
  save(path, keys);
  if (o.json) {
    std::cout << dump({{"name", o.name}, {"kind", o.kind}, {"shop", o.shop}, {"key", secret}})
              << "\n";
    return;
  }
  std::cout << secret << "\n";
  std::cerr << "The key is shown only this time; " << path << " holds its hash.\n"
            << "A running service takes it after: systemctl reload postrider (or kill -HUP)\n";
}

void list_keys(const KeysOptions& o) {
  const auto keys = load(path_of(o));
  std::vector<std::vector<std::string>> rows{{"NAME", "KIND", "SHOP", "CREATED", "REVOKED"}};
  json all = json::array();
  for (const auto& key : keys) {
    const std::string kind = key.kind == domain::Mode::live ? "live" : "test";
    const std::string created = message::format_timestamp(key.created);
    const std::string revoked = key.revoked ? message::format_timestamp(*key.revoked) : "";
    rows.push_back({key.name, kind, key.shop, created, revoked});
    all.push_back({{"name", key.name},
                   {"kind", kind},
                   {"shop", key.shop},
                   {"created", created},
                   {"revoked", key.revoked ? json(revoked) : json()}});
  }
  if (o.json)
    std::cout << dump(json{{"keys", all}}) << "\n";
  else
    std::cout << (keys.empty() ? "none\n" : table(rows));
}

void revoke_key(const KeysOptions& o) {
  const std::string path = path_of(o);
  const KeysLock lock{path};
  auto keys = load(path);
  const auto found = find_valid(keys, o.name);
  if (found == keys.end()) throw Refused{"there is no valid key named \"" + plain(o.name) + "\""};
  found->revoked = wall_now();
  save(path, keys);
  if (o.json)
    std::cout << dump({{"name", o.name}, {"revoked", true}}) << "\n";
  else
    std::cout << "revoked; a running service refuses it after: systemctl reload postrider (or kill "
                 "-HUP)\n";
}

}  // namespace

void add_keys_command(CLI::App& app, int& exit_code) {
  auto* parent = app.add_subcommand("keys", "API keys of the service");
  parent->require_subcommand(1);
  const auto add = [&](const char* name, const char* doc, auto run) {
    auto options = std::make_shared<KeysOptions>();
    auto* command = parent->add_subcommand(name, doc);
    command->add_option("--data", options->data, "folder of the service's data")
        ->capture_default_str();
    command->add_flag("--json", options->json, "answer as JSON, for programs");
    command->callback([options, run, &exit_code] {
      run(*options);
      exit_code = exit_done;
    });
    return std::pair{command, options};
  };
  const auto [create, add_options] = add("add", "Make a key and print it, once", add_key);
  create->add_option("--name", add_options->name, "name of the key, as the audit log shows it")
      ->required();
  create
      ->add_option("--kind", add_options->kind, "live, or test: simulated carrier and outbox only")
      ->check(CLI::IsMember({"live", "test"}))
      ->capture_default_str();
  create->add_option("--shop", add_options->shop,
                     "shop that the key is for; without it, the configured shop");
  add("list", "List all keys, without their secrets", list_keys);
  const auto [revoke, revoke_options] =
      add("revoke", "Revoke a key, so that it is refused", revoke_key);
  revoke->add_option("--name,NAME", revoke_options->name, "the key's name")->required();
}

}  // namespace postrider::programs
