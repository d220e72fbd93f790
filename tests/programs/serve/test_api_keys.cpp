#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "programs/serve/api_keys.hpp"
#include "support/folder.hpp"

namespace postrider::programs {
namespace {

using support::content_of;
using support::Folder;

using domain::Mode;
using testing::HasSubstr;
using testing::Not;

ApiKey key_of(const std::string& name, const std::string& secret, Mode kind = Mode::live) {
  return {name, kind, "shop-1", hash_of_key(secret), domain::from_unix_ms(1'700'000'000'000), {}};
}

TEST(ApiKeys, AreRandomAndNameTheirKind) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto key = make_key(Mode::live);
    EXPECT_THAT(key, testing::MatchesRegex("pr_live_[A-Za-z0-9_-]+"));
    EXPECT_EQ(key.size(), 8U + 43U) << "256 bits in base64url";
    EXPECT_TRUE(seen.insert(key).second);
  }
  EXPECT_THAT(make_key(Mode::test), testing::StartsWith("pr_test_"));
}

TEST(ApiKeys, HashIsSha256) {
  // FIPS 180-2, appendix B.1: "abc".
  EXPECT_EQ(hash_of_key("abc")[0], 0xba);
  EXPECT_EQ(hash_of_key("abc")[31], 0xad);
}

TEST(ApiKeys, TheFileKeepsHashesForItsOwnerOnly) {
  const Folder folder;
  const auto path = folder / "data/keys.toml";
  auto revoked = key_of("old \"one\"", "s2", Mode::test);
  revoked.revoked = domain::from_unix_ms(1'700'000'001'000);
  ASSERT_TRUE(save_keys(path, {key_of("ci", "s1"), revoked}));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_THAT(content_of(path), Not(HasSubstr("s1")));

  const auto loaded = load_keys(path);
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->size(), 2U);
  EXPECT_EQ((*loaded)[0].hash, hash_of_key("s1"));
  EXPECT_EQ((*loaded)[0].shop, "shop-1");
  EXPECT_EQ((*loaded)[1].name, "old \"one\"");
  EXPECT_EQ((*loaded)[1].kind, Mode::test);
  EXPECT_EQ((*loaded)[1].revoked, revoked.revoked);
}

TEST(ApiKeys, AFileThatOthersMayReadIsRefused) {
  const Folder folder;
  const auto path = folder / "keys.toml";
  ASSERT_TRUE(save_keys(path, {key_of("ci", "s1")}));
  ::chmod(path.c_str(), 0644);
  const auto loaded = load_keys(path);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().what, HasSubstr("chmod 600"));
}

TEST(ApiKeys, ABrokenFileIsAnErrorNotAnOpenDoor) {
  const Folder folder;
  for (const char* text : {"[[key", "[[key]]\nname = 'x'\n", "key = [1]\n"}) {
    const auto path = folder.write("keys.toml", text);
    ::chmod(path.c_str(), 0600);
    EXPECT_FALSE(load_keys(path)) << text;
  }
}

TEST(KeyRing, FindsAKeyByItsSecretUntilItIsRevoked) {
  const Folder folder;
  const auto path = folder / "keys.toml";
  KeyRing ring{path};
  ASSERT_TRUE(ring.reload());
  EXPECT_FALSE(ring.required()) << "no file, no keys";

  auto key = key_of("ci", "pr_live_x");
  ASSERT_TRUE(save_keys(path, {key, key_of("other", "pr_live_y")}));
  EXPECT_FALSE(ring.find("pr_live_x")) << "not before it is read again";
  ASSERT_TRUE(ring.reload());
  ASSERT_TRUE(ring.find("pr_live_x"));
  EXPECT_EQ(ring.find("pr_live_x")->name, "ci");
  EXPECT_EQ(ring.size(), 2U);
  for (const char* wrong : {"", "pr_live_", "pr_live_X", "pr_live_xx"})
    EXPECT_FALSE(ring.find(wrong)) << wrong;

  key.revoked = key.created;
  ASSERT_TRUE(save_keys(path, {key}));
  ASSERT_TRUE(ring.reload());
  EXPECT_FALSE(ring.find("pr_live_x"));
  EXPECT_TRUE(ring.required()) << "revoking the last key must not open the door";
  EXPECT_EQ(ring.size(), 0U);
}

TEST(KeyRing, KeepsWhatItKnowsWhenTheFileBreaks) {
  const Folder folder;
  const auto path = folder / "keys.toml";
  ASSERT_TRUE(save_keys(path, {key_of("ci", "s")}));
  KeyRing ring{path};
  ASSERT_TRUE(ring.reload());
  folder.write("keys.toml", "[[key");
  EXPECT_FALSE(ring.reload());
  EXPECT_TRUE(ring.find("s"));
}

}  // namespace
}  // namespace postrider::programs
