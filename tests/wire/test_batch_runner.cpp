#include "wire/batch_runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <numeric>
#include <stdexcept>
#include <string>

namespace postrider::wire {
namespace {

using std::chrono::milliseconds;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int unknown = -1;
constexpr int max_pauses = 5'000;  // then a test fails instead of hanging

std::vector<int> numbers(int count, int first = 0) {
  std::vector<int> made(static_cast<std::size_t>(count));
  std::iota(made.begin(), made.end(), first);
  return made;
}

template <class Carry>
std::vector<int> run(BatchRunner& runner, const std::vector<int>& requests, const Carry& carry) {
  return runner.run(std::span<const int>{requests}, unknown, carry);
}

asio::awaitable<void> pause(BatchRunner& runner, milliseconds time) {
  asio::steady_timer timer{runner.io(), time};
  co_await timer.async_wait(asio::use_awaitable);
}

TEST(BatchRunner, OutcomesComeInTheOrderOfTheRequests) {
  BatchRunner runner{4};
  std::vector<int> done;
  const auto last_first = [&](int request, std::size_t index) -> asio::awaitable<int> {
    const std::size_t later = 3 - index;
    for (int i = 0; i < max_pauses && done.size() < later; ++i)
      co_await pause(runner, milliseconds{1});
    done.push_back(request);
    co_return request * 100 + static_cast<int>(index);
  };
  EXPECT_THAT(run(runner, numbers(4, 10), last_first), ElementsAre(1000, 1101, 1202, 1303));
  EXPECT_THAT(done, ElementsAre(13, 12, 11, 10));
}

TEST(BatchRunner, ABatchLargerThanTheConcurrencyIsCarriedWholeAndNothingTwice) {
  BatchRunner runner{3};
  std::vector<int> carried(100);
  const auto outcomes =
      run(runner, numbers(100), [&](int request, std::size_t index) -> asio::awaitable<int> {
        ++carried[index];
        co_await pause(runner, milliseconds{request % 3});
        co_return request;
      });
  EXPECT_EQ(outcomes, numbers(100));
  EXPECT_THAT(carried, Each(1));
}

TEST(BatchRunner, TwoCallersAtOnceGetTheirOwnOutcomes) {
  BatchRunner runner{4};
  const auto doubled = [&runner](int request, std::size_t) -> asio::awaitable<int> {
    co_await pause(runner, milliseconds{request % 2});
    co_return 2 * request;
  };
  std::vector<int> others;
  std::thread other{[&] { others = run(runner, numbers(50, 1000), doubled); }};
  const auto ours = run(runner, numbers(50), doubled);
  other.join();
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(ours[i], 2 * static_cast<int>(i));
    EXPECT_EQ(others[i], 2000 + 2 * static_cast<int>(i));
  }
}

TEST(BatchRunner, NoMoreThanTheConcurrencyAreCarriedAtATimeOverAllBatches) {
  BatchRunner runner{4};
  std::atomic<int> now{0};
  std::atomic<int> max_seen{0};
  const auto counted = [&](int request, std::size_t) -> asio::awaitable<int> {
    max_seen = std::max<int>(max_seen, ++now);
    co_await pause(runner, milliseconds{2});
    --now;
    co_return request;
  };
  std::thread other{[&] { run(runner, numbers(30), counted); }};
  run(runner, numbers(30), counted);
  other.join();
  EXPECT_EQ(max_seen, 4) << "the concurrency is used, and kept to";
}

TEST(BatchRunner, ASmallBatchDoesNotWaitForAnotherOneWhileThereIsRoom) {
  BatchRunner runner{2};
  std::atomic<int> began{0};
  const auto until_both = [&](int request, std::size_t) -> asio::awaitable<int> {
    ++began;
    for (int i = 0; i < max_pauses && began < 2; ++i) co_await pause(runner, milliseconds{1});
    co_return began == 2 ? request : unknown;
  };
  std::vector<int> first_outcomes;
  std::thread first{[&] { first_outcomes = run(runner, numbers(1), until_both); }};
  while (began == 0) std::this_thread::yield();
  EXPECT_THAT(run(runner, numbers(1, 10), until_both), ElementsAre(10));
  first.join();
  EXPECT_THAT(first_outcomes, ElementsAre(0));
}

TEST(BatchRunner, RequestsAreCarriedFirstComeFirstServed) {
  BatchRunner runner{1};
  std::vector<int> order;
  std::atomic<bool> first_began{false};
  const auto noted = [&](int request, std::size_t) -> asio::awaitable<int> {
    order.push_back(request);
    first_began = true;
    co_await pause(runner, milliseconds{request == 0 ? 30 : 0});  // the second caller arrives
    co_return request;
  };
  std::thread first{[&] { run(runner, numbers(3), noted); }};
  while (!first_began) std::this_thread::yield();
  run(runner, numbers(3, 10), noted);
  first.join();
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 10, 11, 12));
}

TEST(BatchRunner, ACarryThatThrowsGivesTheUnknownOutcomeToItsRequestAlone) {
  BatchRunner runner{2};
  const auto outcomes =
      run(runner, numbers(8), [&](int request, std::size_t) -> asio::awaitable<int> {
        if (request == 1) throw std::runtime_error{"before the first byte"};
        co_await pause(runner, milliseconds{1});
        if (request == 4) throw std::runtime_error{"in the middle"};
        if (request == 5) throw 5;  // no std::exception
        co_return request;
      });
  EXPECT_THAT(outcomes, ElementsAre(0, unknown, 2, 3, unknown, unknown, 6, 7));
}

TEST(BatchRunner, ACarryThatThrowsBeforeItIsACoroutineIsNoDifferent) {
  BatchRunner runner{1};
  const auto add_one = [](int request) -> asio::awaitable<int> { co_return request + 1; };
  const auto outcomes = run(runner, numbers(3), [&](int request, std::size_t) {
    if (request == 0) throw std::bad_alloc{};  // as where the frame finds no memory
    return add_one(request);
  });
  EXPECT_THAT(outcomes, ElementsAre(unknown, 2, 3));
}

TEST(BatchRunner, AnEmptyBatchHasNoOutcomesAndCarriesNothing) {
  BatchRunner runner{2};
  std::atomic<int> carried{0};
  const auto outcomes = run(runner, {}, [&](int request, std::size_t) -> asio::awaitable<int> {
    ++carried;
    co_return request;
  });
  EXPECT_THAT(outcomes, IsEmpty());
  EXPECT_EQ(carried, 0);
}

TEST(BatchRunner, AllIsCarriedOnOneThreadThatIsNotTheCallers) {
  BatchRunner runner{4};
  std::vector<std::thread::id> threads;
  const auto noted = [&](int request, std::size_t) -> asio::awaitable<int> {
    threads.push_back(std::this_thread::get_id());
    co_await pause(runner, milliseconds{1});
    threads.push_back(std::this_thread::get_id());
    co_return request;
  };
  run(runner, numbers(10), noted);
  ASSERT_EQ(threads.size(), 20U);
  EXPECT_NE(threads.front(), std::this_thread::get_id());
  EXPECT_THAT(threads, Each(threads.front()));
}

TEST(BatchRunner, IsUsedAgainAfterItWasIdle) {
  BatchRunner runner{2};
  const auto plain = [](int request, std::size_t) -> asio::awaitable<int> { co_return request; };
  for (int round = 0; round < 20; ++round)
    EXPECT_EQ(run(runner, numbers(5, round), plain), numbers(5, round));
}

TEST(BatchRunner, IsDestroyedAtOnceAfterItsUse) {
  for (int round = 0; round < 200; ++round) {
    BatchRunner runner{3};
    const auto plain = [](int request, std::size_t) -> asio::awaitable<int> { co_return request; };
    EXPECT_EQ(run(runner, numbers(4), plain), numbers(4));
  }
}

TEST(BatchRunner, IsDestroyedUnused) {
  for (int round = 0; round < 200; ++round) BatchRunner runner{3};
}

TEST(BatchRunner, NothingRunsOnTheThreadAfterStop) {
  auto left_over = std::make_shared<std::atomic<int>>(0);
  BatchRunner runner{2};
  // Like a look-up of a name, which nobody waits for any more.
  asio::steady_timer timer{runner.io(), milliseconds{20}};
  timer.async_wait([left_over](const auto&) { ++*left_over; });
  runner.stop();
  std::this_thread::sleep_for(milliseconds{40});
  EXPECT_EQ(*left_over, 0);
  runner.stop();  // the destructor calls it once more
}

TEST(BatchRunner, AwaitGivesWhatOneCoroutineReturnsOrThrows) {
  BatchRunner runner{1};
  const auto name = runner.await([&runner]() -> asio::awaitable<std::string> {
    co_await pause(runner, milliseconds{1});
    co_return "a name";
  });
  EXPECT_EQ(name, "a name");
  const auto fail = []() -> asio::awaitable<int> {
    throw std::runtime_error{"failed"};
    co_return 1;
  };
  EXPECT_THROW(runner.await(fail), std::runtime_error);
}

TEST(BatchRunner, AwaitDoesNotWaitForAWorker) {
  BatchRunner runner{1};
  std::atomic<bool> began{false};
  std::atomic<bool> awaited{false};
  const auto until_awaited = [&](int request, std::size_t) -> asio::awaitable<int> {
    began = true;
    for (int i = 0; i < max_pauses && !awaited; ++i) co_await pause(runner, milliseconds{1});
    co_return awaited ? request : unknown;
  };
  std::vector<int> outcomes;
  std::thread caller{[&] { outcomes = run(runner, numbers(1), until_awaited); }};
  while (!began) std::this_thread::yield();
  EXPECT_EQ(runner.await([]() -> asio::awaitable<int> { co_return 7; }), 7);
  awaited = true;
  caller.join();
  EXPECT_THAT(outcomes, ElementsAre(0));
}

}  // namespace
}  // namespace postrider::wire
