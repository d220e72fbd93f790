#include "domain/pacer.hpp"

#include <algorithm>

namespace postrider::domain {

Pacer::Time Pacer::leaves(const Booking& booking) const {
  return booking.at + window * ((booking.parts + limit_ - 1) / limit_);
}

std::optional<Pacer::Time> Pacer::book(int parts, Time now, Time by) {
  if (limit_ == 0) return now < by ? std::optional{now} : std::nullopt;
  while (!booked_.empty() && leaves(booked_.front()) <= now) booked_.pop_front();
  Time at = booked_.empty() ? now : std::max(now, booked_.back().at);
  int within = 0;  // parts of the window that ends at `at`
  for (const auto& booking : booked_) within += booking.parts;
  for (auto oldest = booked_.begin(); oldest != booked_.end(); ++oldest) {
    if (leaves(*oldest) > at) {
      if (within + parts <= limit_) break;
      at = leaves(*oldest);
    }
    within -= oldest->parts;
  }
  if (at >= by) return std::nullopt;
  booked_.push_back({at, parts});
  return at;
}

}  // namespace postrider::domain
