#include "adapters/sqlite/support.hpp"

#include <filesystem>

namespace postrider::adapters::sqlite {

Folder::Folder() {
  std::string pattern = testing::TempDir() + "postrider-sqlite-XXXXXX";
  path_ = ::mkdtemp(pattern.data());
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

domain::NotificationId id_of(int number) {
  domain::NotificationId id;
  for (std::size_t i = 0; i < 4; ++i)
    id.bytes[i] =
        static_cast<std::uint8_t>(static_cast<unsigned>(number) * 2'654'435'761U >> (24 - 8 * i));
  return id;
}

domain::Notification sample(int number) {
  domain::Notification n;
  n.id = id_of(number);
  n.shop = "shop";
  n.order_id = "order-" + std::to_string(number);
  n.customer_id = "customer-" + std::to_string(number);
  n.status = "shipped";
  n.created_at = start;
  n.not_after = start + std::chrono::hours{12};
  n.due_at = start;
  n.content.phone = "+14255550100";
  n.content.email = "customer@example.com";
  n.content.sms_text = "Your order is on its way.";
  n.content.segments = 1;
  n.content.email_text = std::string(300, 'x');
  n.estimate = {10'000};
  return n;
}

std::vector<domain::Notification> samples(int first, int count) {
  std::vector<domain::Notification> all;
  for (int i = first; i < first + count; ++i) all.push_back(sample(i));
  return all;
}

std::unique_ptr<Database> open_service(const Folder& folder) {
  auto opened = Database::open_service(folder.path());
  if (opened) return std::move(*opened);
  ADD_FAILURE() << opened.error().what;
  return nullptr;
}

void run_sql(const Folder& folder, const std::string& sql) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(folder.database().c_str(), &db), SQLITE_OK);
  char* problem = nullptr;
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &problem), SQLITE_OK)
      << (problem != nullptr ? problem : "");
  sqlite3_free(problem);
  sqlite3_close(db);
}

bool insert(ports::NotificationStore& store, const std::vector<domain::Notification>& batch) {
  return store.insert(batch, {}).has_value();
}

bool is_kept(ports::NotificationStore& store, int number) {
  const auto id = id_of(number);
  const auto loaded = store.load({&id, 1});
  return loaded && loaded->front().has_value();
}

domain::ClaimTerms terms() { return {start, std::chrono::seconds{60}, {1'000'000'000'000}}; }

domain::Change move(const domain::Notification& n, domain::State to, std::string cause) {
  domain::Change change;
  change.id = n.id;
  change.version = n.version;
  change.from = n.state;
  change.to = to;
  change.at = start;
  change.cause = std::move(cause);
  if (!domain::is_end(to)) change.due_at = start;
  change.reason = n.reason;
  change.attempts = n.attempts;
  change.sms_submitted = n.sms_submitted;
  change.mail_submitted = n.mail_submitted;
  change.reserved = n.reserved;
  change.charged = n.spent;
  change.budget_day = n.budget_day;
  return change;
}

}  // namespace postrider::adapters::sqlite
