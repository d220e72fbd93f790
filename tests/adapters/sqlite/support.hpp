// A temporary folder, sample notifications, and raw access to a database file, for the tests of the
// SQLite adapters. For one thread.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/sqlite/database/database.hpp"
#include "domain/notification.hpp"
#include "ports/notification_store.hpp"

namespace postrider::adapters::sqlite {

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::string database() const { return path_ + "/postrider.db"; }

 private:
  std::string path_;
};

inline const domain::TimePoint start = domain::from_unix_ms(1'795'000'000'000);

domain::NotificationId id_of(int number);
domain::Notification sample(int number);
std::vector<domain::Notification> samples(int first, int count);

std::unique_ptr<Database> open_service(const Folder& folder);

/// Runs SQL on the file by a connection of its own, like a person with a shell.
void run_sql(const Folder& folder, const std::string& sql);

bool insert(ports::NotificationStore& store, const std::vector<domain::Notification>& batch);
bool is_kept(ports::NotificationStore& store, int number);
domain::ClaimTerms terms();

/// The change from `n` to `to` that keeps everything else.
domain::Change move(const domain::Notification& n, domain::State to, std::string cause);

}  // namespace postrider::adapters::sqlite
