#include <fstream>
#include <iterator>

#include "adapters/sqlite/customer_directory.hpp"
#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/support.hpp"

namespace postrider::adapters::sqlite {
namespace {

bool occurs_in_the_file(const Folder& folder, const std::string& text) {
  std::ifstream file{folder.database(), std::ios::binary};
  const std::string all{std::istreambuf_iterator<char>{file}, {}};
  return all.find(text) != std::string::npos;
}

TEST(Erasure, OfACustomerLeavesNoTraceInTheFile) {
  const Folder folder;
  std::vector<domain::Customer> customers(50);
  for (std::size_t i = 0; i < customers.size(); ++i) {
    customers[i].id = "c" + std::to_string(i);
    customers[i].contact.email = "person" + std::to_string(i) + "@canary.example";
  }
  {
    const auto service = open_service(folder);
    SqliteCustomerDirectory directory{*service};
    ASSERT_TRUE(directory.put("shop", customers, start));
  }
  EXPECT_TRUE(occurs_in_the_file(folder, "person7@canary.example"));
  {
    const auto service = open_service(folder);
    SqliteCustomerDirectory directory{*service};
    ASSERT_TRUE(*directory.erase("shop", "c7"));
  }
  EXPECT_FALSE(occurs_in_the_file(folder, "person7@canary.example"));
  EXPECT_TRUE(occurs_in_the_file(folder, "person8@canary.example"));
}

TEST(Erasure, OfWhatExpiredLeavesNoTraceInTheFile) {
  const Folder folder;
  {
    const auto service = open_service(folder);
    SqliteNotificationStore store{*service};
    auto n = sample(1);
    n.state = domain::State::no_contact;
    n.due_at.reset();
    n.content.email_text = "a canary sings";
    insert(store, {sample(0), n, sample(2)});
  }
  EXPECT_TRUE(occurs_in_the_file(folder, "a canary sings"));
  {
    const auto service = open_service(folder);
    SqliteNotificationStore store{*service};
    EXPECT_EQ(*store.expire(start + std::chrono::days{40}, 10), 1);
  }
  EXPECT_FALSE(occurs_in_the_file(folder, "a canary sings"));
}

}  // namespace
}  // namespace postrider::adapters::sqlite
