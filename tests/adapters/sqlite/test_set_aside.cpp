// What can't be written, or lies in a damaged page, is named once, left alone, and stops nobody.
#include "adapters/sqlite/upkeep/set_aside.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "adapters/sqlite/notification_query.hpp"
#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/support.hpp"
#include "adapters/sqlite/verify.hpp"
#include "doubles/recording_telemetry.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::State;
using std::chrono::hours;

TEST(HourlySet, RemembersAKeyForAnHour) {
  HourlySet<int> set;
  const HourlySet<int>::Time now{};
  EXPECT_TRUE(set.add(1, now));
  EXPECT_FALSE(set.add(1, now + hours{1} - std::chrono::seconds{1}));
  EXPECT_TRUE(set.contains(1, now));
  EXPECT_FALSE(set.contains(1, now + hours{1}));
  EXPECT_TRUE(set.add(1, now + hours{1}));
}

TEST(HourlySet, IsBoundedAndForgetsTheOldest) {
  HourlySet<int> set;
  const int keys = static_cast<int>(HourlySet<int>::max_keys);
  for (int i = 0; i <= keys; ++i) set.add(i, HourlySet<int>::Time{} + std::chrono::seconds{i / 10});
  EXPECT_EQ(set.size(), HourlySet<int>::max_keys);
  const auto now = HourlySet<int>::Time{} + std::chrono::seconds{keys / 10};
  EXPECT_FALSE(set.contains(0, now));
  EXPECT_TRUE(set.contains(keys, now));
}

/// A service with its telemetry, which may be opened again over a file that was changed meanwhile.
struct Service {
  explicit Service(const Folder& folder) : database{open_service(folder)} {}
  std::vector<int> due(int limit, State state = State::accepted) {
    std::vector<int> numbers;
    const auto found = query.due(state, start, limit);
    EXPECT_TRUE(found);
    if (!found) return numbers;
    for (const auto& d : *found)
      for (int number = 1; number <= 600; ++number)
        if (id_of(number) == d.id) numbers.push_back(number);
    return numbers;
  }
  std::size_t lines() { return telemetry.lines_of("item_set_aside").size(); }

  doubles::RecordingTelemetry telemetry;
  std::unique_ptr<Database> database;
  SqliteNotificationStore store{*database, &telemetry};
  SqliteNotificationQuery query{*database, &telemetry};
};

void fill(const Folder& folder, int count) {
  Service service{folder};
  EXPECT_TRUE(insert(service.store, samples(1, count)));
}

constexpr const char* no_update_of_first =
    "CREATE TRIGGER t BEFORE UPDATE ON notifications WHEN OLD.seq IN (1, 2)"
    " BEGIN SELECT RAISE(ABORT, 'no'); END";

std::vector<domain::NotificationId> ids_of(const std::vector<int>& numbers) {
  std::vector<domain::NotificationId> ids;
  for (const int number : numbers) ids.push_back(id_of(number));
  return ids;
}

TEST(SetAsideRows, ThatCannotBePutOffInTheStoreAreLeftAloneInMemory) {
  const Folder folder;
  fill(folder, 3);
  run_sql(folder, no_update_of_first);
  Service service{folder};
  for (int round = 0; round < 3; ++round) {
    const auto claimed = service.store.claim_sms(ids_of(service.due(10)), terms());
    ASSERT_TRUE(claimed);
    if (round == 0) {
      EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claimed->back()));
    }
    EXPECT_THAT(service.due(10), testing::IsEmpty()) << round;
  }
  EXPECT_EQ(service.lines(), 2U) << "one line a row";
}

TEST(SetAsideRows, ThatAreAllOfABatchStopNobodyElse) {
  const Folder folder;
  fill(folder, 2);
  run_sql(folder, no_update_of_first);
  Service service{folder};
  const auto claimed = service.store.claim_sms(ids_of(service.due(10)), terms());
  ASSERT_TRUE(claimed);
  EXPECT_TRUE(std::holds_alternative<ports::ClaimFailed>(claimed->front()));
  EXPECT_THAT(service.due(10), testing::IsEmpty());
  EXPECT_EQ(service.lines(), 2U);
}

TEST(SetAsideRows, AreNotLeftAloneBeforeTheyAreDue) {
  const Folder folder;
  domain::Notification claimed;
  {
    Service service{folder};
    auto n = sample(1);
    ASSERT_TRUE(insert(service.store, {n, sample(2)}));
    auto long_lease = terms();
    long_lease.lease = hours{24 * 365 * 10};
    const auto ids = ids_of({1, 2});
    claimed =
        std::get<ports::Claimed>(service.store.claim_sms(ids, long_lease)->front()).notification;
  }
  run_sql(folder, no_update_of_first);
  Service service{folder};
  const std::vector changes{move(claimed, State::unknown, "x"), [] {
                              auto other = move(sample(2), State::unknown, "x");
                              other.from = State::sending_sms;
                              other.version = 1;
                              return other;
                            }()};
  const auto outcomes = service.store.record(changes);
  ASSERT_TRUE(outcomes);
  EXPECT_EQ(outcomes->front(), ports::RecordOutcome::failed);
  const auto later = service.query.due(State::sending_sms, start + hours{24 * 365 * 11}, 10);
  ASSERT_TRUE(later);
  EXPECT_EQ(later->size(), 2U) << "the sweeper finds them when their leases end";
}

/// The file with one leaf of a table's tree changed.
class DamagedPage : public testing::Test {
 protected:
  static constexpr int count = 600;
  DamagedPage() {
    Service service{folder_};
    std::vector<domain::Notification> batch;
    for (int number = 1; number <= count; ++number) {
      auto n = sample(number);
      n.created_at = n.created_at + domain::Milliseconds{number};
      n.content.email_text = std::string(300, 'x');
      batch.push_back(std::move(n));
    }
    EXPECT_TRUE(insert(service.store, batch));
  }

  /// Overwrites a page in the middle of `table` with zeros, from the octet `from` of the page.
  void damage(const std::string& table, std::size_t from) {
    run_sql(folder_, "PRAGMA wal_checkpoint(TRUNCATE)");
    std::int64_t page = 0, size = 0;
    {
      const auto db = Connection::open(folder_.database(), SQLITE_OPEN_READONLY);
      auto row = (*db)->query("PRAGMA page_size");
      ASSERT_TRUE(row.row());
      size = row.integer(0);
      auto root = (*db)->query("SELECT rootpage FROM sqlite_master WHERE name = ?",
                               std::string_view{table});
      ASSERT_TRUE(root.row());
      page = root.integer(0);
    }
    std::fstream file{folder_.database(), std::ios::in | std::ios::out | std::ios::binary};
    std::string octets(static_cast<std::size_t>(size), '\0');
    const auto number = [&octets](std::size_t at, int width) {
      std::int64_t value = 0;
      for (int i = 0; i < width; ++i)
        value = value << 8 | static_cast<unsigned char>(octets[at + static_cast<std::size_t>(i)]);
      return value;
    };
    const auto read = [&] {
      file.seekg((page - 1) * size);
      file.read(octets.data(), size);
    };
    for (read(); octets[0] == 5; read()) {  // an inner page: its middle child
      const auto cells = number(3, 2);
      ASSERT_GT(cells, 1);
      page = number(
          static_cast<std::size_t>(number(12 + 2 * static_cast<std::size_t>(cells / 2), 2)), 4);
    }
    ASSERT_EQ(octets[0], 13) << "a leaf";
    std::fill(octets.begin() + static_cast<std::ptrdiff_t>(from), octets.end(), '\0');
    file.seekp((page - 1) * size);
    file.write(octets.data(), size);
  }

  /// The numbers that rounds of claims reach, until nothing is due any more.
  std::vector<int> claimed_by(Service& service) {
    std::vector<int> all;
    for (int round = 0; round < 2 * count; ++round) {
      const auto numbers = service.due(7);
      if (numbers.empty()) return all;
      const auto claimed = service.store.claim_sms(ids_of(numbers), terms());
      EXPECT_TRUE(claimed);
      if (!claimed) return all;
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (std::holds_alternative<ports::Claimed>((*claimed)[i])) all.push_back(numbers[i]);
        // Half a row may look like one without a phone.
        if (const auto* out = std::get_if<ports::RuledOut>(&(*claimed)[i])) {
          const auto end = move(out->notification, State::dead, "phone_missing");
          EXPECT_TRUE(service.store.record({&end, 1}));
        }
      }
    }
    ADD_FAILURE() << "something is due for ever";
    return all;
  }

  Folder folder_;
};

TEST_F(DamagedPage, OfNotificationsStopsNoneOfTheOthers) {
  damage("notifications", 0);
  Service service{folder_};
  const auto claimed = claimed_by(service);
  EXPECT_GT(claimed.size(), count * 3 / 4U);
  EXPECT_LT(claimed.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(std::set<int>(claimed.begin(), claimed.end()).size(), claimed.size());
  EXPECT_EQ(service.telemetry.counted(ports::Counter::items_set_aside),
            static_cast<std::int64_t>(count - claimed.size()));
  std::string ranges;
  for (const auto& line : service.telemetry.lines_of("item_set_aside"))
    if (!line.fields.contains(ports::Field::notification_id))
      ranges = line.fields.at(ports::Field::reason);
  EXPECT_THAT(ranges, testing::HasSubstr(" to ")) << "named by their numbers";
}

TEST_F(DamagedPage, OfTextsStopsNoneOfTheOthers) {
  damage("contents", 0);
  Service service{folder_};
  EXPECT_GT(claimed_by(service).size(), count * 3 / 4U);
  EXPECT_GT(service.lines(), 0U);
}

TEST_F(DamagedPage, OfTextsThatIsHalfGoneStopsNoneOfTheOthers) {
  damage("contents", 2048);
  Service service{folder_};
  EXPECT_GT(claimed_by(service).size(), count * 3 / 4U);
  EXPECT_GT(service.lines(), 0U);
}

TEST_F(DamagedPage, IsLeftOutOfLists) {
  for (const char* table : {"notifications", "contents"}) {
    damage(table, 0);
    Service service{folder_};
    auto& query = service.query;
    std::size_t listed = 0;
    std::string cursor;
    do {
      const auto page = query.list({}, 50, cursor);
      ASSERT_TRUE(page);
      listed += page->notifications.size();
      cursor = page->next_cursor;
    } while (!cursor.empty());
    EXPECT_GT(listed, count / 2U) << table;
    EXPECT_LT(listed, static_cast<std::size_t>(count)) << table;
    for (int number = 1; number <= count; ++number) {
      ports::Filter filter;
      filter.order_id = sample(number).order_id;
      filter.customer_id = sample(number).customer_id;
      EXPECT_TRUE(query.list(filter, 1, ""));
    }
  }
}

TEST_F(DamagedPage, IsNamedByVerifyWhichGoesOn) {
  damage("notifications", 0);
  run_sql(folder_, "UPDATE contents SET mode = 99 WHERE seq = 1");
  const auto reader = Database::open_reader(folder_.path());
  ASSERT_TRUE(reader);
  const auto findings = verify(**reader);
  ASSERT_TRUE(findings);
  EXPECT_THAT(*findings, testing::Contains(testing::HasSubstr("row_damaged")));
  EXPECT_THAT(*findings,
              testing::Contains(testing::AllOf(testing::HasSubstr("row_unreadable"),
                                               testing::HasSubstr(domain::to_string(id_of(1))))));
}

TEST_F(DamagedPage, HasRepeatsThatAreAnsweredByThemselves) {
  damage("notifications", 0);
  Service service{folder_};
  std::vector<domain::Notification> batch = samples(1, count);
  batch.push_back(sample(count + 1));
  const auto outcomes = service.store.insert(batch, {});
  ASSERT_TRUE(outcomes);
  const auto unreadable = std::count_if(outcomes->begin(), outcomes->end(), [](const auto& o) {
    return std::holds_alternative<ports::Unreadable>(o);
  });
  EXPECT_GT(unreadable, 0);
  EXPECT_LT(unreadable, count / 2);
  EXPECT_TRUE(std::holds_alternative<ports::Inserted>(outcomes->back()));
}

}  // namespace
}  // namespace postrider::adapters::sqlite
