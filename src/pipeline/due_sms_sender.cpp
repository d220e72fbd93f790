#include "pipeline/due_sms_sender.hpp"

#include <algorithm>

#include "pipeline/rate_grant.hpp"

namespace postrider::pipeline {
namespace {

using domain::Milliseconds;

constexpr Milliseconds idle_wait{1000};  // an offer wakes the worker before that
constexpr Milliseconds shortest_rate_wait{5};
constexpr Milliseconds hiccup_wait{250};  // after the store could not be written

/// All that wait are in the store, so that each urgent one there comes again.
RateRequest request_of(const std::vector<ports::Due>& due) {
  RateRequest request;
  for (const auto& d : due) {
    request.segments.push_back(d.segments);
    request.urgent += d.priority == domain::Priority::high;
  }
  request.again = request.urgent;
  return request;
}

}  // namespace

domain::Result<Round> DueSmsSender::send_due() {
  if (auto flushed = submitter_.flush(); !flushed) return Round{0, hiccup_wait};
  auto pulled = pull();
  if (!pulled) return pulled.error();
  if (pulled->claimed.empty()) return pulled->round;
  submitter_.start(std::move(pulled->claimed));
  // What has an outcome already is recorded; the next rounds record the others.
  if (auto flushed = submitter_.flush(); !flushed) return flushed.error();
  return pulled->round;
}

domain::Result<DueSmsSender::Pull> DueSmsSender::pull() {
  const concurrency::Lock only_one{pull_mutex_};
  const auto now = ports_.clock.now();
  const auto width = submitter_.width(submitter_.settings().batch);
  if (!width) return width.error();
  if (width->messages == 0) return Pull{{}, {0, std::min(width->wait, idle_wait)}};
  auto pulled = pull(*width, now);
  if (!pulled || pulled->claimed.empty()) submitter_.none_claimed();
  return pulled;
}

/// The due SMS that may go: the longest due ones, or the newest as a probe.
domain::Result<std::vector<ports::Due>> DueSmsSender::choose(const ProviderBreaker::Width& width,
                                                             int places, domain::TimePoint now) {
  if (!width.probe)
    return ports_.query.due(domain::State::accepted, now, std::min(width.messages, places));
  const auto newest = ports_.query.newest_due(domain::State::accepted, now);
  if (!newest) return newest.error();
  std::vector<ports::Due> chosen;
  if (*newest) chosen.push_back(**newest);
  return chosen;
}

domain::Result<DueSmsSender::Pull> DueSmsSender::pull(const ProviderBreaker::Width& width,
                                                      domain::TimePoint now) {
  const int places = submitter_.carrier_width() - submitter_.under_way();
  const bool other_probe = width.probe && submitter_.under_way() > 0;
  if (places <= 0 || other_probe) return Pull{{}, {0, idle_wait, true}};
  auto due = choose(width, places, now);
  if (!due) return due.error();
  if (due->empty()) return Pull{{}, {0, idle_wait}};

  auto grant = RateGrant::take(ports_.allowance, ports_.telemetry, request_of(*due), now);
  if (!grant) return grant.error();
  std::vector<domain::NotificationId> ids, failed;  // the index of what is due brings these again
  for (std::size_t i = 0; i < grant->messages(); ++i) ids.push_back((*due)[i].id);
  auto claimed = submitter_.claim(ids, failed);
  grant->settle(claimed ? *claimed : std::vector<domain::Notification>{});
  if (!claimed) return claimed.error();
  const bool held_back = ids.size() < due->size();
  const auto wait = held_back ? std::max(grant->wait(), shortest_rate_wait) : Milliseconds{0};
  return Pull{std::move(*claimed), {static_cast<int>(ids.size()), wait, false, std::move(failed)}};
}

}  // namespace postrider::pipeline
