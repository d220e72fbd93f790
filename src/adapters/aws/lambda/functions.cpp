#include "adapters/aws/lambda/functions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/aws/lambda/events.hpp"

namespace postrider::adapters::aws::lambda {
namespace {

using Json = nlohmann::json;
using Item = ports::WorkQueue::Item;
using ports::Field;
using ports::Level;

InvocationError store_failed(const domain::Error& error) {
  return {"Postrider.StoreFailed", error.what};
}

/// The readable records of a batch, and the ids of the others.
struct Batch {
  std::vector<Item> items;
  std::vector<std::string> item_records;  // of each item
  std::vector<std::string> failed;

  /// The records of a slice whose notifications the store could not write come again alone.
  void add_failed(std::size_t first, std::size_t size,
                  const std::vector<domain::NotificationId>& ids) {
    for (auto i = first; i < first + size; ++i)
      if (std::find(ids.begin(), ids.end(), items[i].id) != ids.end())
        failed.push_back(item_records[i]);
  }

  /// Works on the items in slices and returns the answer: SQS delivers the unreadable records
  /// again, and the records that the work did not reach or failed for.
  template <class Work>
  std::string carry_out(const Context& context, const Work& work) {
    const auto good =
        in_slices(items.size(), context.limit, [&](std::size_t first, std::size_t size) {
          const auto done = work(std::span{items}.subspan(first, size));
          if (done) add_failed(first, size, done->failed);
          if (!done)
            context.telemetry.log(Level::error, "store_failed",
                                  {{Field::reason, done.error().what}});
          return done.has_value();
        });
    context.report_out_of_time(items.size() - good);
    for (auto i = good; i < items.size(); ++i) failed.push_back(item_records[i]);
    return batch_failures(failed);
  }
};

std::optional<Batch> read_batch(const WorkReader& read, const std::string& event,
                                const Context& context) {
  const auto records = parse_sqs_event(event);
  if (!records) return std::nullopt;
  Batch batch;
  for (const auto& record : *records) {
    const auto item = read(record.body);
    if (const auto* error = std::get_if<message::FieldError>(&item)) {
      context.telemetry.log(Level::error, "record_refused",
                            {{Field::code, error->code},
                             {Field::path, error->pointer},
                             {Field::count, std::int64_t{record.receive_count}}});
      context.unreadable(record, *error);
      batch.failed.push_back(record.message_id);
      continue;
    }
    batch.items.push_back(std::get<Item>(item));
    batch.item_records.push_back(record.message_id);
  }
  return batch;
}

InvocationError no_batch() { return {"Postrider.BadEvent", "not a batch of SQS"}; }

}  // namespace

InvocationResult send_sms(pipeline::QueuedSmsSender& sender, const WorkReader& read,
                          const std::string& event, const Context& context) {
  auto batch = read_batch(read, event, context);
  if (!batch) return no_batch();
  return batch->carry_out(context, [&](std::span<const Item> items) { return sender.send(items); });
}

InvocationResult send_email(pipeline::EmailFallback& fallback, const WorkReader& read,
                            const std::string& event, const Context& context) {
  auto batch = read_batch(read, event, context);
  if (!batch) return no_batch();
  return batch->carry_out(context,
                          [&](std::span<const Item> items) { return fallback.send(items); });
}

InvocationResult track(pipeline::DeliveryTracker& tracker, const ReceiptReader& read,
                       const std::string& event, const Context& context) {
  const auto messages = parse_messages(event);
  if (const auto* error = std::get_if<message::FieldError>(&messages)) {
    context.telemetry.log(Level::error, "event_refused",
                          {{Field::code, error->code}, {Field::path, error->pointer}});
    return InvocationError{"Postrider.BadEvent", error->code + ": expected " + error->hint};
  }
  std::vector<domain::Receipt> receipts;
  int refused = 0;
  for (const auto& message : std::get<std::vector<std::string>>(messages)) {
    auto receipt = read(message);
    if (const auto* error = std::get_if<message::FieldError>(&receipt)) {
      context.telemetry.log(Level::error, "receipt_refused",
                            {{Field::code, error->code}, {Field::path, error->pointer}});
      ++refused;
      continue;
    }
    receipts.push_back(std::get<domain::Receipt>(std::move(receipt)));
  }
  const auto tracked = tracker.apply(receipts);
  if (!tracked) return store_failed(tracked.error());
  return Json{{"applied", tracked->applied},
              {"noted", tracked->noted},
              {"kept", tracked->kept},
              {"refused", refused}}
      .dump();
}

InvocationResult sweep(pipeline::Sweeper& sweeper, const std::function<Requeued()>& requeue,
                       const Context& context) {
  pipeline::Swept total;
  int requeued = 0;
  bool more = true;
  Requeued again{0, true};
  std::optional<domain::Error> failed;
  // What the end of the time cuts off is no failure: the next invocation goes on.
  const auto note = [&](const domain::Error& error) {
    if (!failed && !context.limit.over()) failed = error;
  };
  while ((more || again.more) && !context.limit.over()) {
    if (more) {
      const auto swept = sweeper.sweep();
      more = swept && swept->more;
      if (swept) {
        total.add(*swept);
      } else {
        note(swept.error());
      }
    }
    // Work that is taken has to be offered in the remaining time.
    if (!again.more || context.limit.over()) continue;
    again = requeue();
    requeued += again.items;
    if (again.error) note(*again.error);
  }
  if (failed) return store_failed(*failed);
  return Json{{"woken", total.woken},       {"superseded", total.superseded},
              {"rescued", total.rescued},   {"overdue", total.overdue},
              {"too_late", total.too_late}, {"caught_up", total.caught_up},
              {"requeued", requeued},       {"more", more || again.more}}
      .dump();
}

}  // namespace postrider::adapters::aws::lambda
