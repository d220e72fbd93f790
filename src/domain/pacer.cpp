#include "domain/pacer.hpp"

#include <algorithm>

namespace postrider::domain {

std::optional<Pacer::Time> Pacer::book(int parts, Time now, Time by) {
  if (limit_ == 0) return now < by ? std::optional{now} : std::nullopt;
  Time at = booked_.empty() ? now : std::max(now, booked_.back().at);
  while (!booked_.empty() && leaves(booked_.front()) <= at) {
    within_ -= booked_.front().parts;
    booked_.pop_front();
  }
  int left = within_;
  for (auto oldest = booked_.begin(); oldest != booked_.end() && left + parts > limit_; ++oldest) {
    at = leaves(*oldest);
    left -= oldest->parts;
  }
  if (at >= by) return std::nullopt;
  booked_.push_back({at, parts});
  within_ += parts;
  return at;
}

}  // namespace postrider::domain
