#include "adapters/aws/lambda/functions.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/aws/sqs/work_queue.hpp"
#include "pipeline/shop.hpp"

namespace postrider::adapters::aws::lambda {
namespace {

using Json = nlohmann::json;
using domain::State;
using pipeline::testing::event;
using pipeline::testing::Shop;

/// A batch of the queue with one record for each of `count` orders; its id is that of the order.
Json batch_of(Shop& shop, std::size_t count) {
  Json records = Json::array();
  for (std::size_t i = 0; i < count; ++i) {
    const auto name = std::to_string(i);
    shop.customer("c" + name, "+491511" + std::to_string(1'000'000 + i));
    const auto id = shop.accepted(event("o" + name, "confirmed", "c" + name));
    records.push_back({{"messageId", name},
                       {"eventSource", "aws:sqs"},
                       {"body", sqs::work_message({id, domain::Channel::sms, {}, {}, 1})}});
  }
  return {{"Records", std::move(records)}};
}

std::vector<std::string> failed_in(const InvocationResult& result) {
  std::vector<std::string> ids;
  const auto answer = Json::parse(std::get<std::string>(result));
  for (const auto& failure : answer.at("batchItemFailures"))
    ids.push_back(failure.at("itemIdentifier"));
  return ids;
}

std::vector<std::string> failed_after(Shop& shop, const std::string& batch, const TimeLimit& limit,
                                      std::vector<std::string>* unreadable = nullptr) {
  const Context context{shop.telemetry, limit,
                        [&](const SqsRecord& record, const message::FieldError& error) {
                          if (unreadable != nullptr)
                            unreadable->push_back(record.message_id + " " + error.code);
                        }};
  return failed_in(send_sms(shop.pipeline.queued_sms, sqs::parse_work_message, batch, context));
}

TEST(SendSms, RecordsThatTheTimeDoesNotSufficeForAreReported) {
  Shop shop;
  const auto batch = batch_of(shop, 2 * slice + 3).dump();
  const auto limit = time_limit(shop.clock, shop.clock.now() + std::chrono::seconds{60});
  std::size_t n = 0;
  shop.carrier.while_submitting([&](const ports::Sms&) {
    if (++n % slice == 0) shop.clock.advance(std::chrono::seconds{30});
  });
  const auto failed = failed_after(shop, batch, limit);
  EXPECT_EQ(failed, (std::vector<std::string>{"200", "201", "202"})) << "a slice is " << slice;
  EXPECT_EQ(shop.carrier.submitted().size(), 2 * slice);
}

TEST(SendSms, AfterItsTimeNothingIsBegun) {
  Shop shop;
  const auto batch = batch_of(shop, 3).dump();
  const auto limit = time_limit(shop.clock, shop.clock.now());
  const auto failed = failed_after(shop, batch, limit);
  EXPECT_EQ(failed.size(), 3U);
  EXPECT_TRUE(shop.carrier.submitted().empty());
}

TEST(SendSms, AnUnreadableRecordFailsAlone) {
  Shop shop;
  auto batch = batch_of(shop, 2);
  batch["Records"].push_back(
      {{"messageId", "bad"}, {"eventSource", "aws:sqs"}, {"body", "no message"}});
  const auto limit = time_limit(shop.clock, shop.clock.now() + std::chrono::seconds{60});
  std::vector<std::string> unreadable;
  EXPECT_EQ(failed_after(shop, batch.dump(), limit, &unreadable), std::vector<std::string>{"bad"});
  EXPECT_EQ(unreadable, std::vector<std::string>{"bad invalid_json"});
  EXPECT_EQ(shop.carrier.submitted().size(), 2U);
}

TEST(SendSms, ANotificationThatCanNotBeWrittenFailsAlone) {
  Shop shop;
  const auto batch = batch_of(shop, 3).dump();
  {
    const concurrency::Lock lock{shop.world.mutex};
    for (const auto& [id, row] : shop.world.rows)
      if (row.notification.order_id == "o1") shop.world.unwritable.insert(id);
  }
  const auto limit = time_limit(shop.clock, shop.clock.now() + std::chrono::seconds{60});
  EXPECT_EQ(failed_after(shop, batch, limit), std::vector<std::string>{"1"});
  EXPECT_EQ(shop.carrier.submitted().size(), 2U);
}

TEST(Sweep, GoesOnWhileThereMayBeMoreToOfferAgain) {
  Shop shop;
  std::vector<Requeued> rounds{{500, true}, {500, true}, {3, false}, {1, false}};
  std::size_t round = 0;
  const Context context{
      shop.telemetry, time_limit(shop.clock, shop.clock.now() + std::chrono::seconds{60}), {}};
  const auto result = sweep(
      shop.sweeper, [&] { return rounds.at(round++); }, context);
  const auto answer = Json::parse(std::get<std::string>(result));
  EXPECT_EQ(answer.at("requeued"), 1003);
  EXPECT_EQ(answer.at("more"), false);
}

TEST(Sweep, OffersWorkAgainWhereAStepFailsAndTellsOfItAtTheEnd) {
  Shop shop;
  {
    const concurrency::Lock lock{shop.world.mutex};
    shop.world.failing_call = "due deferred";
  }
  std::vector<Requeued> rounds{{100, true}, {3, false}};
  std::size_t round = 0;
  const Context context{
      shop.telemetry, time_limit(shop.clock, shop.clock.now() + std::chrono::seconds{60}), {}};
  const auto result = sweep(
      shop.sweeper, [&] { return rounds.at(round++); }, context);
  EXPECT_EQ(round, 2U);
  EXPECT_EQ(std::get<InvocationError>(result).message, "due deferred");
}

}  // namespace
}  // namespace postrider::adapters::aws::lambda
