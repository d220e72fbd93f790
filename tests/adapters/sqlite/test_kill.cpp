#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/support.hpp"
#include "adapters/sqlite/verify.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::State;

/// A child that inserts, claims and records for ever, and acknowledges each batch by one byte.
[[noreturn]] void work(const std::string& path, int first, int acknowledgements) {
  auto database = Database::open_service(path);
  if (!database) ::_exit(1);
  SqliteNotificationStore store{**database};
  for (int i = first;; ++i) {
    if (!insert(store, samples(i * 10, 10))) ::_exit(2);
    if (::write(acknowledgements, "x", 1) != 1) ::_exit(3);
    std::vector<domain::NotificationId> ids;
    for (int k = 0; k < 5; ++k) ids.push_back(id_of(i * 10 + k));
    auto claimed = store.claim_sms(ids, terms());
    if (!claimed) ::_exit(4);
    std::vector<domain::Change> changes;
    for (const auto& outcome : *claimed)
      changes.push_back(
          move(std::get<ports::Claimed>(outcome).notification, State::unknown, "unknown:timeout"));
    if (!store.record(changes)) ::_exit(5);
  }
}

/// Lets a child work until it has acknowledged `batches`, kills it, and returns how many it
/// acknowledged.
int work_and_kill(const std::string& path, int first, int batches) {
  std::array<int, 2> ends;
  EXPECT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) work(path, first, ends[1]);
  ::close(ends[1]);
  int acknowledged = 0;
  char byte;
  while (acknowledged < batches && ::read(ends[0], &byte, 1) == 1) ++acknowledged;
  ::kill(child, SIGKILL);
  while (::read(ends[0], &byte, 1) == 1) ++acknowledged;
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  return acknowledged;
}

TEST(Kill, WhatWasAcknowledgedIsThereAndAllPromisesHold) {
  const Folder folder;
  std::vector<int> acknowledged;
  int next = 0;
  for (int round = 0; round < 6; ++round) {
    const int batches = work_and_kill(folder.path(), next, 20 + 7 * round);
    for (int i = 0; i < batches; ++i) acknowledged.push_back(next + i);
    next += batches + 1;  // the one after may have been committed, but not acknowledged
    const auto reader = Database::open_reader(folder.path());
    ASSERT_TRUE(reader) << reader.error().what;
    EXPECT_THAT(*verify(**reader), testing::IsEmpty()) << "read before the next service starts";
  }
  EXPECT_GE(acknowledged.size(), 6U * 20U);
  const auto service = open_service(folder);
  SqliteNotificationStore store{*service};
  for (const int batch : acknowledged)
    for (int k = 0; k < 10; ++k) EXPECT_TRUE(is_kept(store, batch * 10 + k)) << batch;
}

}  // namespace
}  // namespace postrider::adapters::sqlite
