#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

using domain::Customer;

class Directory : public Contract {
 protected:
  ports::CustomerDirectory& customers() { return home_->customers(); }

  static Customer anna() {
    Customer c;
    c.id = "c1";
    c.contact = {"0425 555 0100", "Anna@example.com", "de-AT", "Europe/Vienna", "US"};
    c.phone.e164 = "+14255550100";
    c.sms_opt_in = false;
    c.email_opt_in = true;
    return c;
  }
  std::optional<Customer> find(const std::string& shop, const std::string& id) {
    const auto found = customers().find(shop, {&id, 1});
    EXPECT_TRUE(found);
    return found ? found->front() : std::nullopt;
  }
  void opt_out(const std::string& phone, const std::string& source = "operator") {
    const ports::OptOut number{phone, source, start};
    EXPECT_TRUE(customers().opt_out({&number, 1}));
  }
};
POSTRIDER_IN_EVERY_HOME(Directory);

TEST_P(Directory, ACustomerComesBackWhole) {
  const auto given = anna();
  ASSERT_TRUE(customers().put("shop", {&given, 1}, start));
  const auto kept = find("shop", "c1");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->id, "c1");
  EXPECT_EQ(kept->contact.phone, given.contact.phone);
  EXPECT_EQ(kept->contact.email, given.contact.email);
  EXPECT_EQ(kept->contact.locale, given.contact.locale);
  EXPECT_EQ(kept->contact.time_zone, given.contact.time_zone);
  EXPECT_EQ(kept->contact.region, given.contact.region);
  EXPECT_EQ(kept->phone.e164, given.phone.e164);
  EXPECT_EQ(kept->sms_opt_in, false);
  EXPECT_EQ(kept->email_opt_in, true);
}

TEST_P(Directory, WhatIsNotGivenStaysAbsent) {
  Customer bare;
  bare.id = "c2";
  bare.phone.problem = domain::Reason::phone_too_short;
  ASSERT_TRUE(customers().put("shop", {&bare, 1}, start));
  const auto kept = find("shop", "c2");
  ASSERT_TRUE(kept);
  EXPECT_FALSE(kept->contact.phone);
  EXPECT_FALSE(kept->contact.email);
  EXPECT_EQ(kept->phone.e164, "");
  EXPECT_EQ(kept->phone.problem, domain::Reason::phone_too_short);
}

TEST_P(Directory, PuttingAgainReplacesAll) {
  auto c = anna();
  ASSERT_TRUE(customers().put("shop", {&c, 1}, start));
  c.contact.email.reset();
  c.sms_opt_in = true;
  ASSERT_TRUE(customers().put("shop", {&c, 1}, start));
  EXPECT_FALSE(find("shop", "c1")->contact.email);
  EXPECT_EQ(find("shop", "c1")->sms_opt_in, true);
}

TEST_P(Directory, ConsentStaysAsItWasSaidLast) {
  auto c = anna();
  c.sms_opt_in.reset();
  c.email_opt_in = false;
  ASSERT_TRUE(customers().put("shop", {&c, 1}, start));
  EXPECT_EQ(find("shop", "c1")->sms_opt_in, true) << "never said";
  c.sms_opt_in = false;
  c.email_opt_in.reset();
  ASSERT_TRUE(customers().put("shop", {&c, 1}, start));
  c.sms_opt_in.reset();
  ASSERT_TRUE(customers().put("shop", {&c, 1}, start));
  EXPECT_EQ(find("shop", "c1")->sms_opt_in, false);
  EXPECT_EQ(find("shop", "c1")->email_opt_in, false);
}

TEST_P(Directory, EachShopHasItsOwnCustomersAndAnswersKeepTheirOrder) {
  const auto c = anna();
  ASSERT_TRUE(customers().put("shop", {&c, 1}, start));
  EXPECT_FALSE(find("another", "c1"));
  const std::vector<std::string> ids{"none", "c1", "none"};
  const auto found = customers().find("shop", ids);
  ASSERT_TRUE(found);
  EXPECT_FALSE((*found)[0]);
  EXPECT_TRUE((*found)[1]);
  EXPECT_FALSE((*found)[2]);
}

TEST_P(Directory, CustomersOfOneShopAreListedByIdPageByPage) {
  for (const auto* id : {"c3", "c1", "c2", "c10"}) {
    auto c = anna();
    c.id = id;
    ASSERT_TRUE(customers().put("shop", {&c, 1}, start));
    c.id += "-foreign";
    ASSERT_TRUE(customers().put("another", {&c, 1}, start));
  }
  std::vector<std::string> ids;
  for (std::string cursor;; cursor = ids.back()) {
    const auto page = customers().list("shop", 3, cursor);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    ASSERT_LE(page->size(), 3U);
    for (const auto& one : *page) {
      EXPECT_EQ(one.contact.email, anna().contact.email);
      EXPECT_EQ(one.sms_opt_in, false);
      ids.push_back(one.id);
    }
  }
  EXPECT_THAT(ids, testing::ElementsAre("c1", "c10", "c2", "c3"));
}

TEST_P(Directory, ErasingTakesTheCustomerButNotTheOptOut) {
  const auto c = anna();
  ASSERT_TRUE(customers().put("shop", {&c, 1}, start));
  opt_out(c.phone.e164);
  EXPECT_FALSE(*customers().erase("another", "c1"));
  EXPECT_TRUE(*customers().erase("shop", "c1"));
  EXPECT_FALSE(*customers().erase("shop", "c1"));
  EXPECT_FALSE(find("shop", "c1"));
  EXPECT_TRUE(customers().opted_out({&c.phone.e164, 1})->front());
}

TEST_P(Directory, OptingOutAndInAgain) {
  opt_out("+14255550100");
  opt_out("+14255550100", "carrier");
  const std::vector<std::string> phones{"+14255550100", "+14255550101"};
  EXPECT_THAT(*customers().opted_out(phones), testing::ElementsAre(true, false));
  EXPECT_TRUE(*customers().opt_in("+14255550100", start));
  EXPECT_FALSE(*customers().opt_in("+14255550100", start));
  EXPECT_THAT(*customers().opted_out(phones), testing::ElementsAre(false, false));
}

TEST_P(Directory, AnOptOutFromBeforeTheLastOptInDoesNotCount) {
  const auto opted_in = start;
  const auto counts = [&](const std::string& phone, Milliseconds after) -> bool {
    const std::vector<ports::OptOut> numbers{{phone, "carrier", opted_in + after},
                                             {"+14255550199", "carrier", start}};
    EXPECT_TRUE(customers().opt_out(numbers));
    return customers().opted_out({&phone, 1})->front();
  };
  EXPECT_FALSE(*customers().opt_in("+14255550100", opted_in));
  EXPECT_FALSE(counts("+14255550100", Milliseconds{-1}));
  EXPECT_TRUE(counts("+14255550101", Milliseconds{-1})) << "another number";
  EXPECT_TRUE(counts("+14255550100", Milliseconds{0})) << "in doubt nothing is sent";
  EXPECT_TRUE(*customers().opt_in("+14255550100", opted_in + Milliseconds{10}));
  EXPECT_FALSE(counts("+14255550100", Milliseconds{9}));
  EXPECT_TRUE(counts("+14255550100", Milliseconds{11}));
}

TEST_P(Directory, OptOutsAreListedByPhonePageByPage) {
  for (const auto* phone : {"+3", "+1", "+4", "+2"}) opt_out(phone, "import");
  std::vector<std::string> phones;
  std::string cursor;
  while (true) {
    const auto page = customers().list_opt_outs(3, cursor);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    for (const auto& one : *page) {
      EXPECT_EQ(one.source, "import");
      EXPECT_EQ(one.at, start);
      phones.push_back(one.phone);
    }
    cursor = phones.back();
  }
  EXPECT_THAT(phones, testing::ElementsAre("+1", "+2", "+3", "+4"));
}

TEST_P(Directory, ABounceMayBeLiftedAComplaintNeverIs) {
  const std::vector<ports::BlockedAddress> both{{"Bounced@example.com", "bounce", start},
                                                {"angry@example.com", "complaint", start},
                                                {"angry@example.com", "bounce", start},
                                                {"later@example.com", "bounce", start},
                                                {"later@example.com", "complaint", start}};
  ASSERT_TRUE(customers().block(both));
  EXPECT_TRUE(*customers().unblock_bounced("bounceD@example.com"));
  EXPECT_FALSE(*customers().unblock_bounced("bounced@example.com")) << "lifted already";
  EXPECT_FALSE(*customers().unblock_bounced("angry@example.com"));
  EXPECT_FALSE(*customers().unblock_bounced("later@example.com"));
  EXPECT_FALSE(*customers().unblock_bounced("nobody@example.com"));
}

}  // namespace
}  // namespace postrider::contract
